-- The system of record. Every table begins with the workspace (tenant), and so does every key.
-- Instants are integer milliseconds UTC, units are hundredths of a chat, ids are UUIDs made outside.
--
-- Secondary indexes leave the workspace out. Most installs have one, so it tells nothing; but a
-- planner without statistics (fresh tables; PGlite has no autovacuum) takes any index that holds it
-- to be as good as the key, and then reads whole tables.
--
-- Foreign keys stand on the tables people fill by hand; the tables every message touches have none:
-- commit_batch alone writes those, and a check per row would cost more than the insert.

-- Which log this is. `place` names the database the log lives in (cluster, database, timeline): when
-- it changes, the log was restored or moved, and readers must not trust what they remember of it.
create table log_meta (
  only_row boolean primary key default true check (only_row),
  log_epoch uuid not null,
  place text not null
);

create table workspace (
  id uuid primary key,
  name text not null,
  created_at bigint not null
);

-- ------------------------------------------------------------------ people and settings

create table queue (
  workspace uuid not null references workspace,
  id uuid not null,
  created_at bigint not null,
  primary key (workspace, id)
);

-- Settings are only ever appended: a decision names the version it was made by.
create table queue_version (
  workspace uuid not null,
  queue uuid not null,
  version integer not null check (version > 0),
  at bigint not null,
  name text not null,
  escalates_to uuid,
  -- Age one point of priority is worth, in milliseconds.
  step_ms integer not null check (step_ms >= 0),
  primary key (workspace, queue, version),
  foreign key (workspace, queue) references queue,
  foreign key (workspace, escalates_to) references queue
);

create table site (
  workspace uuid not null references workspace,
  id uuid not null,
  key text not null,
  name text not null,
  origins jsonb not null check (jsonb_typeof(origins) = 'array'),
  accent text,
  queue uuid not null,
  created_at bigint not null,
  primary key (workspace, id),
  unique (workspace, key),
  foreign key (workspace, queue) references queue
);

create table agent (
  workspace uuid not null references workspace,
  id uuid not null,
  email text not null,
  name text not null,
  role text not null check (role in ('owner', 'supervisor', 'agent')),
  password_hash text not null,
  disabled boolean not null default false,
  status text not null default 'away' check (status in ('online', 'away')),
  capacity integer not null check (capacity >= 0),
  -- 0 while it never had an assignment.
  last_assigned_at bigint not null default 0,
  created_at bigint not null,
  primary key (workspace, id)
);
create unique index agent_email on agent ((workspace::text || lower(email)));

create table membership (
  workspace uuid not null,
  queue uuid not null,
  agent uuid not null,
  primary key (workspace, agent, queue),
  foreign key (workspace, queue) references queue,
  foreign key (workspace, agent) references agent
);

create table canned_reply (
  workspace uuid not null references workspace,
  id uuid not null,
  shortcut text not null,
  title text not null,
  text text not null,
  primary key (workspace, id),
  unique (workspace, shortcut)
);

-- Only the hash of a session's secret is kept.
create table session (
  workspace uuid not null,
  hash text not null,
  agent uuid not null,
  at bigint not null,
  expires_at bigint not null,
  primary key (workspace, hash),
  foreign key (workspace, agent) references agent
);
create index session_agent on session (agent, expires_at);

-- What became of agents and settings, when and by which command: replay and reports read it.
create table record (
  workspace uuid not null,
  id bigint generated always as identity,
  at bigint not null,
  kind text not null,
  subject_kind text not null,
  subject uuid not null,
  by_kind text not null,
  by_id text not null,
  command uuid,
  body jsonb not null,
  xid xid8 not null default pg_current_xact_id(),
  primary key (workspace, id)
);

-- ------------------------------------------------------------------ visitors

create table contact (
  workspace uuid not null references workspace,
  id uuid not null,
  created_at bigint not null,
  primary key (workspace, id)
);

-- A visitor points to a contact; merging moves the pointer, never events.
create table visitor (
  workspace uuid not null,
  id uuid not null,
  site uuid not null,
  contact uuid not null,
  token_hash text not null,
  locale text not null,
  zone text not null,
  created_at bigint not null,
  primary key (workspace, id),
  unique (token_hash, site, workspace),
  foreign key (workspace, site) references site,
  foreign key (workspace, contact) references contact
);

-- ------------------------------------------------------------------ conversations

-- What `apply` makes of a conversation's events. The space left in each page lets an ordinary
-- message update its row in place: none of the columns it changes is in an index.
create table conversation (
  workspace uuid not null,
  id uuid not null,
  site uuid not null,
  visitor uuid not null,
  name text,
  locale text not null,
  zone text not null,
  page text,
  created_at bigint not null,
  seq integer not null,
  at bigint not null,
  head_seq integer not null,
  head_at bigint not null,
  -- The newest message, which lists show as the preview.
  last_message_seq integer,
  fence integer not null,
  leg integer not null,
  queue uuid not null,
  priority smallint not null,
  queued_at bigint not null,
  unanswered_since bigint,
  units integer not null,
  status text not null,
  offers jsonb,
  agent uuid,
  since bigint,
  why text,
  wake_at bigint,
  reason text,
  closed_at bigint,
  primary key (workspace, id),
  constraint conversation_status
    check (status in ('queued', 'offered', 'assigned', 'parked', 'closed')),
  constraint conversation_offered
    check ((status = 'offered') = (offers is not null)),
  constraint conversation_assigned
    check ((status = 'assigned') = (agent is not null) and (agent is null) = (since is null)),
  constraint conversation_parked
    check ((status = 'parked') = (why is not null) and (wake_at is null or status = 'parked')),
  -- People wake these, not a clock.
  constraint conversation_wake
    check (wake_at is null or why not in ('unattended', 'visitorAway')),
  constraint conversation_closed
    check ((status = 'closed') = (reason is not null) and (reason is null) = (closed_at is null)),
  constraint conversation_head
    check (head_seq between 1 and seq and coalesce(last_message_seq, 1) between 1 and seq),
  constraint conversation_priority check (priority between 0 and 100),
  constraint conversation_counts check (fence >= 0 and leg >= 0 and units >= 0)
) with (fillfactor = 80);
create index conversation_visitor on conversation (visitor, created_at);
create index conversation_open on conversation (workspace) where status <> 'closed';
create index conversation_queued on conversation (workspace) where status = 'queued';
create index conversation_agent on conversation (agent) where status = 'assigned';
create index conversation_unattended on conversation (queue)
  where status = 'parked' and why = 'unattended';

-- The log. Only `body` may hold a person's words. `xid` lets a reader across conversations follow
-- the log without gaps: it reads below its snapshot's xmin, never by id or time.
create table event (
  workspace uuid not null,
  conversation uuid not null,
  seq integer not null check (seq > 0),
  prev integer not null check (prev >= 0 and prev < seq),
  at bigint not null,
  kind text not null,
  v smallint not null,
  by_kind text not null,
  by_id text not null,
  cause uuid not null,
  index smallint not null,
  leg integer not null,
  fence integer not null,
  audience smallint not null check (audience between 0 and 7),
  because jsonb,
  body jsonb not null,
  xid xid8 not null default pg_current_xact_id(),
  primary key (workspace, conversation, seq)
);

-- Every command ever taken and its first answer. `conversation` is where it went, which need not be
-- what it was about. The command's own id comes second in the key because it grows with time, so
-- that new rows land beside each other.
create table command (
  workspace uuid not null,
  id uuid not null,
  subject_kind text not null,
  subject uuid not null,
  sender_kind text not null,
  sender text not null,
  hash text not null,
  conversation uuid,
  seq integer not null,
  at bigint not null,
  xid xid8 not null default pg_current_xact_id(),
  primary key (workspace, id, subject_kind, subject, sender_kind, sender)
);

-- A visitor's one open (not closed) conversation per site.
create table open_conversation (
  workspace uuid not null,
  site uuid not null,
  visitor uuid not null,
  conversation uuid not null,
  primary key (workspace, site, visitor)
);

-- Who holds what, and what of their capacity it takes.
create table slot (
  workspace uuid not null,
  agent uuid not null,
  conversation uuid not null,
  units integer not null check (units >= 0),
  kind text not null check (kind in ('offer', 'active', 'idle', 'wrapup')),
  until bigint,
  primary key (workspace, agent, conversation)
);

-- What is to happen and when; a lease keeps two nodes from doing it at once.
create table due (
  workspace uuid not null,
  kind text not null,
  subject_kind text not null,
  subject uuid not null,
  at bigint not null,
  fence integer not null,
  attempts integer not null default 0,
  leased_until bigint not null default 0,
  primary key (workspace, kind, subject_kind, subject)
);
create index due_at on due (at);

-- How far each side has got. Beside the conversation, not in it: receipts must not wait for commits.
create table cursor (
  workspace uuid not null,
  conversation uuid not null,
  visitor_delivered integer not null default 0,
  visitor_read integer not null default 0,
  agent_delivered integer not null default 0,
  agent_read integer not null default 0,
  primary key (workspace, conversation)
) with (fillfactor = 80);

-- Leases are taken by name and fenced; the row stays when a lease ends, for its fence.
create table lease (
  name text primary key,
  holder text not null,
  fence bigint not null,
  until bigint not null
);
