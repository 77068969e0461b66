-- The one place where decisions become durable (one call is one transaction, one round trip).
--
-- `items` is an array of changes, each with its conversation's counters as `apply` left them, the
-- `rest` of its columns unless they stay as they are (an ordinary message's do), its command, its
-- events, and what it does to slots, due times and the visitor's open place. The caller
-- puts at most one item per conversation, per command, per visitor and per slot-changed agent into a
-- batch, so items of one batch never touch the same row.
--
-- How races end. First the function takes every lock its items need; then, under READ COMMITTED, the
-- next statement has a fresh snapshot in which all that earlier holders committed is visible; only on
-- that snapshot is anything decided and written. So there is no lost race to repair afterwards:
--   · a conversation that exists: its row is locked, the loser sees the winner's seq;
--   · the same start sent to two nodes: there is no row yet, so whoever would create a conversation
--     takes an advisory lock on its id; the loser sees the winner's command and answers as a repeat;
--   · two starts of one visitor: whoever claims the visitor's open place takes an advisory lock on
--     it; the loser sees the winner's row and is sent there;
--   · two assignments to one agent: the agent's row is locked, the loser sees the winner's slot.
-- Unique keys stand behind all of this: if a caller breaks the rule about batches, the statement
-- fails, and the items are sent again one by one.
--
-- Deadlocks. Every transaction takes its locks in the same order: advisory ones by key, conversations
-- by id, agents by id, due times by key. Slots, open places and commands are only written under
-- those. (Two advisory keys with the same hash merely wait for each other.)
--
-- The order of verdicts: repeat or bodyMismatch, seqConflict, openElsewhere, full, committed.
-- A command is looked up before anything else, so that a repeat gets its first answer even after the
-- conversation moved on.
--
-- A slot is refused as `full` only when it makes the agent's sum grow: a chat that is already held
-- may be kept, shrunk, or come back from `idle` (reactivated) above capacity; `force` skips the check.
--
-- Plans. The function is planned once per connection, often while the tables are still empty, and
-- must stay good when they are not. So nothing is left to statistics: whatever a batch needs is
-- looked up item by item in a lateral subselect, which cannot be turned round into a scan of the
-- table (`limit 1` keeps it from being merged into the join), and is then changed by its ctid, which
-- our locks hold still. The settings leave the planner no other way.
create function commit_batch(items jsonb)
returns table (i integer, status text, seq integer, at bigint, conversation uuid, agent uuid, xid text)
language plpgsql volatile
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_material = off
set enable_memoize = off
set jit = off
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(wanted.key)
  from (
    select distinct hashtextextended(
      case claim when true then concat('open', x.workspace, x.site, x.visitor)
                 else concat('conversation', x.workspace, x.id) end, 0) as key
    from jsonb_to_recordset(items)
           as x (workspace uuid, id uuid, site uuid, visitor uuid, expected integer, open text),
         (values (true), (false)) as kinds (claim)
    where case claim when true then x.open = 'claim' else x.expected = 0 end
    order by 1
  ) as wanted;

  perform 1
  from (
    select distinct x.workspace, x.id
    from jsonb_to_recordset(items) as x (workspace uuid, id uuid)
    order by 1, 2
  ) x
  cross join lateral (
    select 1 from conversation c
    where c.workspace = x.workspace and c.id = x.id
    for no key update
  ) locked;

  if jsonb_path_exists(items, '$[*].slots') then
    perform 1
    from (
      select distinct x.workspace, s.agent
      from jsonb_to_recordset(items) as x (workspace uuid, slots jsonb)
      cross join lateral jsonb_to_recordset(x.slots) as s (agent uuid)
      order by 1, 2
    ) s
    cross join lateral (
      select 1 from agent a
      where a.workspace = s.workspace and a.id = s.agent
      for no key update
    ) locked;
  end if;

  if jsonb_path_exists(items, '$[*].due') then
    perform 1
    from (
      select distinct x.workspace, n.kind, n.subject_kind, n.subject
      from jsonb_to_recordset(items) as x (workspace uuid, due jsonb)
      cross join lateral jsonb_to_recordset(x.due)
        as n (kind text, subject_kind text, subject uuid)
      order by 1, 2, 3, 4
    ) n
    cross join lateral (
      select 1 from due d
      where d.workspace = n.workspace and d.kind = n.kind
        and d.subject_kind = n.subject_kind and d.subject = n.subject
      for update
    ) locked;
  end if;

  return query
  with item as materialized (
    select *
    from jsonb_to_recordset(items) as x (
      i integer, expected integer, first_seq integer, first_at bigint,
      command uuid, subject_kind text, subject uuid, sender_kind text, sender text, hash text,
      open text, site uuid, visitor uuid, events jsonb, slots jsonb, due jsonb,
      workspace uuid, id uuid, seq integer, at bigint, head_seq integer, head_at bigint,
      last_message_seq integer, unanswered_since bigint, rest jsonb
    )
  ), judged as materialized (
    select x.*,
      case
        when k.hash = x.hash then 'repeat'
        when k.hash is not null then 'bodyMismatch'
        when coalesce(c.seq, 0) <> x.expected then 'seqConflict'
        when x.open = 'claim' and o.conversation <> x.id then 'openElsewhere'
        when f.agent is not null then 'full'
        else 'committed'
      end as verdict,
      c.ctid as here,
      k.seq as known_seq, k.at as known_at, k.conversation as known_conversation,
      o.conversation as open_now, o.ctid as open_here,
      f.agent as full_agent
    from item x
    left join lateral (
      select k.hash, k.seq, k.at, k.conversation
      from command k
      where k.workspace = x.workspace and k.id = x.command
        and k.subject_kind = x.subject_kind and k.subject = x.subject
        and k.sender_kind = x.sender_kind and k.sender = x.sender
      limit 1
    ) k on true
    left join lateral (
      select c.ctid, c.seq from conversation c
      where c.workspace = x.workspace and c.id = x.id
      limit 1
    ) c on true
    left join lateral (
      select o.ctid, o.conversation from open_conversation o
      where o.workspace = x.workspace and o.site = x.site and o.visitor = x.visitor
      limit 1
    ) o on x.open is not null
    left join lateral (
      select s.agent
      from jsonb_to_recordset(x.slots) as s (agent uuid, units integer, force boolean)
      left join lateral (
        select held.units, held.kind from slot held
        where held.workspace = x.workspace and held.agent = s.agent and held.conversation = x.id
        limit 1
      ) held on true
      where s.units > coalesce(held.units, 0)
        and held.kind is distinct from 'idle'
        and s.force is not true
        and s.units + (
          select coalesce(sum(other.units), 0) from slot other
          where other.workspace = x.workspace and other.agent = s.agent and other.conversation <> x.id
        ) > coalesce((
          select a.capacity from agent a where a.workspace = x.workspace and a.id = s.agent
        ), -1)
      order by s.agent
      limit 1
    ) f on x.slots is not null
  ), fresh as (
    select * from judged where verdict = 'committed'
  ), holding as materialized (
    select x.workspace, x.id, x.at, s.*, held.ctid as here, held.kind as held_as, a.ctid as holder
    from fresh x
    cross join lateral jsonb_to_recordset(x.slots)
      as s (agent uuid, units integer, kind text, until bigint)
    left join lateral (
      select held.ctid, held.kind from slot held
      where held.workspace = x.workspace and held.agent = s.agent and held.conversation = x.id
      limit 1
    ) held on true
    left join lateral (
      select a.ctid from agent a where a.workspace = x.workspace and a.id = s.agent limit 1
    ) a on true
  ), timing as materialized (
    select x.workspace, n.*, d.ctid as here
    from fresh x
    cross join lateral jsonb_to_recordset(x.due)
      as n (kind text, subject_kind text, subject uuid, at bigint, fence integer)
    left join lateral (
      select d.ctid from due d
      where d.workspace = x.workspace and d.kind = n.kind
        and d.subject_kind = n.subject_kind and d.subject = n.subject
      limit 1
    ) d on true
  ), remembered as (
    insert into command
      (workspace, id, subject_kind, subject, sender_kind, sender, hash, conversation, seq, at)
    select workspace, command, subject_kind, subject, sender_kind, sender, hash, id, first_seq, first_at
    from fresh
  ), begun as (
    insert into conversation
      (workspace, id, site, visitor, name, locale, zone, page, created_at, seq, at, head_seq, head_at,
       last_message_seq, fence, leg, queue, priority, queued_at, unanswered_since, units, status,
       offers, agent, since, why, wake_at, reason, closed_at)
    select
      x.workspace, x.id, r.site, r.visitor, r.name, r.locale, r.zone, r.page, r.created_at, x.seq,
      x.at, x.head_seq, x.head_at, x.last_message_seq, r.fence, r.leg, r.queue, r.priority,
      r.queued_at, x.unanswered_since, r.units, r.status, r.offers, r.agent, r.since, r.why,
      r.wake_at, r.reason, r.closed_at
    from fresh x
    cross join lateral jsonb_to_record(x.rest) as r (
      site uuid, visitor uuid, name text, locale text, zone text, page text, created_at bigint,
      fence integer, leg integer, queue uuid, priority smallint, queued_at bigint, units integer,
      status text, offers jsonb, agent uuid, since bigint, why text, wake_at bigint, reason text,
      closed_at bigint
    )
    where x.expected = 0
  ), moved as (
    update conversation c set
      seq = x.seq, at = x.at, head_seq = x.head_seq, head_at = x.head_at,
      last_message_seq = coalesce(x.last_message_seq, c.last_message_seq),
      unanswered_since = x.unanswered_since
    from fresh x
    where x.expected > 0 and x.rest is null and c.ctid = x.here
  ), changed as (
    update conversation c set
      name = r.name, locale = r.locale, zone = r.zone, page = r.page,
      seq = x.seq, at = x.at, head_seq = x.head_seq, head_at = x.head_at,
      last_message_seq = coalesce(x.last_message_seq, c.last_message_seq),
      fence = r.fence, leg = r.leg, queue = r.queue, priority = r.priority, queued_at = r.queued_at,
      unanswered_since = x.unanswered_since, units = r.units, status = r.status, offers = r.offers,
      agent = r.agent, since = r.since, why = r.why, wake_at = r.wake_at, reason = r.reason,
      closed_at = r.closed_at
    from fresh x
    cross join lateral jsonb_to_record(x.rest) as r (
      name text, locale text, zone text, page text, fence integer, leg integer, queue uuid,
      priority smallint, queued_at bigint, units integer, status text, offers jsonb, agent uuid,
      since bigint, why text, wake_at bigint, reason text, closed_at bigint
    )
    where x.expected > 0 and x.rest is not null and c.ctid = x.here
  ), logged as (
    insert into event
      (workspace, conversation, seq, prev, at, kind, v, by_kind, by_id, cause, index, leg, fence,
       audience, because, body)
    select
      x.workspace, x.id, e.seq, e.prev, e.at, e.kind, e.v, e.by_kind, e.by_id, e.cause, e.index,
      e.leg, e.fence, e.audience, e.because, e.body
    from fresh x
    cross join lateral jsonb_to_recordset(x.events) as e (
      seq integer, prev integer, at bigint, kind text, v smallint, by_kind text, by_id text,
      cause uuid, index smallint, leg integer, fence integer, audience smallint, because jsonb,
      body jsonb
    )
  ), freed as (
    delete from slot held
    using holding s
    where s.units is null and held.ctid = s.here
  ), taken as (
    insert into slot as held (workspace, agent, conversation, units, kind, until)
    select workspace, agent, id, units, kind, until
    from holding
    where units is not null
    on conflict (workspace, agent, conversation)
    do update set units = excluded.units, kind = excluded.kind, until = excluded.until
  ), assigned as (
    -- A reactivated chat is no new assignment.
    update agent a set last_assigned_at = greatest(a.last_assigned_at, s.at)
    from holding s
    where s.kind = 'active' and (s.held_as is null or s.held_as in ('offer', 'wrapup'))
      and a.ctid = s.holder
  ), claimed as (
    insert into open_conversation (workspace, site, visitor, conversation)
    select workspace, site, visitor, id
    from fresh
    where open = 'claim' and open_now is null
  ), released as (
    delete from open_conversation o
    using fresh x
    where x.open = 'release' and x.open_now = x.id and o.ctid = x.open_here
  ), dropped as (
    delete from due d
    using timing n
    where n.at is null and d.ctid = n.here
  ), timed as (
    insert into due (workspace, kind, subject_kind, subject, at, fence)
    select workspace, kind, subject_kind, subject, at, fence
    from timing
    where at is not null
    on conflict (workspace, kind, subject_kind, subject)
    do update set at = excluded.at, fence = excluded.fence, attempts = 0, leased_until = 0
  )
  select
    j.i,
    j.verdict,
    case j.verdict when 'committed' then j.first_seq when 'repeat' then j.known_seq end,
    case j.verdict when 'committed' then j.first_at when 'repeat' then j.known_at end,
    case j.verdict when 'repeat' then j.known_conversation when 'openElsewhere' then j.open_now end,
    case j.verdict when 'full' then j.full_agent end,
    case j.verdict when 'committed' then pg_current_xact_id()::text end
  from judged j;
end
$$;
