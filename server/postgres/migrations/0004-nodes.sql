-- The nodes that live, by leases each renews. Who is connected to a node that is cut off from Redis
-- isn't heard of there, and must not look absent for it.
create table node (
  workspace uuid not null,
  id uuid not null,
  cut_off boolean not null,
  until bigint not null,
  primary key (workspace, id)
);

-- How often the log was opened. What was marked elsewhere after a later opening isn't here: then the
-- database is one from before.
alter table log_meta add column opened bigint not null default 0;
