import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { type StoryEvent, storyOf } from "./story.ts";
import type { Told } from "./told.ts";

/** What somebody wrote, as the system of record has it. */
export type Said = { by: "visitor" | "agent"; text: string };

/** The log read straight from SQL, past all of the server's code. */
export type SqlTruth = {
  /** The messages of the visitor who gave this name, in the order of the log. */
  messages(visitor: string): Promise<Said[]>;
  notes(visitor: string): Promise<string[]>;
  /** Kinds of the log's events in order, all of them. */
  kinds(visitor: string): Promise<string[]>;
  /** Every event of every conversation, without what differs from run to run. */
  story(): Promise<Told>;
  status(visitor: string): Promise<string | null>;
  /** How many conversations the visitor who gave this name has had. */
  conversations(visitor: string): Promise<number>;
  /** The most chats the agent with this name has ever held at once, by the log. */
  busiest(agent: string): Promise<number>;
  /** What breaks the log's own rules (dense numbers, one event a number, no slot beyond capacity): empty. */
  faults(): Promise<string[]>;
  close(): Promise<void>;
};

type Query = (sql: string, params?: string[]) => Promise<Record<string, unknown>[]>;

/** PostgreSQL can be read while the server runs. */
export async function postgresTruth(url: string): Promise<SqlTruth> {
  const client = new pg.Client(url);
  await client.connect();
  return truth(
    async (sql, params = []) => (await client.query(sql, params)).rows,
    () => client.end(),
  );
}

/** The embedded database has one process at a time: only after the server has ended. */
export async function embeddedTruth(dataDir: string): Promise<SqlTruth> {
  const db = await PGlite.create({ dataDir: join(dataDir, "pglite") });
  return truth(
    async (sql, params = []) => (await db.query<Record<string, unknown>>(sql, params)).rows,
    () => db.close(),
  );
}

function truth(query: Query, close: () => Promise<void>): SqlTruth {
  const eventsOf = (visitor: string) =>
    query(
      `select e.kind, e.by_kind, e.body->>'text' as text
         from event e join conversation c on c.workspace = e.workspace and c.id = e.conversation
        where c.name = $1 order by c.created_at, e.seq`,
      [visitor],
    );
  return {
    async messages(visitor) {
      const events = await eventsOf(visitor);
      return events
        .filter(({ kind }) => kind === "message")
        .map(({ by_kind, text }) => ({ by: by_kind as Said["by"], text: String(text) }));
    },
    async notes(visitor) {
      const events = await eventsOf(visitor);
      return events.filter(({ kind }) => kind === "note").map(({ text }) => String(text));
    },
    async kinds(visitor) {
      return (await eventsOf(visitor)).map(({ kind }) => String(kind));
    },
    story: async () => storyOf((await query(storySql)) as StoryEvent[]),
    async status(visitor) {
      const [last] = await query(
        "select status from conversation where name = $1 order by created_at desc limit 1",
        [visitor],
      );
      return last ? String(last.status) : null;
    },
    async conversations(visitor) {
      const rows = await query("select id from conversation where name = $1", [visitor]);
      return rows.length;
    },
    async busiest(agent) {
      const [row] = await query(busiestSql, [agent]);
      return Number(row?.most ?? 0);
    },
    async faults() {
      const rows = await query(faultsSql);
      return rows.map(({ fault }) => String(fault));
    },
    close,
  };
}

const storySql = `
  select e.conversation, e.seq, e.prev, e.kind, e.by_kind, e.by_id, e.cause, e.index, e.leg, e.fence,
         e.audience, e.because, e.body
    from event e join conversation c on c.workspace = e.workspace and c.id = e.conversation
   order by c.created_at, c.id, e.seq`;

/** Plus one where a chat comes to the agent, minus one where it goes, summed in the order of commits. */
const busiestSql = `
  with moves as (
    select xid, conversation, seq, body->>'agent' as owner,
           lag(body->>'agent') over (partition by conversation order by seq) as before
      from event where kind in ('queued', 'assigned', 'parked', 'closed')
  ), steps as (
    select sum((owner is not distinct from a.id::text)::int
             - (before is not distinct from a.id::text)::int)
           over (order by xid, conversation, seq) as held
      from moves, agent a where a.name = $1
  )
  select max(held) as most from steps`;

const faultsSql = `
  select 'log of ' || conversation || ' has ' || count(*) || ' events up to ' || max(seq) as fault
    from event group by conversation having count(*) <> max(seq) or min(seq) <> 1
  union all
  select 'command ' || cause || ' made event ' || index || ' ' || count(*) || ' times'
    from event group by cause, index, conversation having count(*) > 1
  union all
  select 'conversation ' || c.id || ' stands at ' || c.seq || ' of ' || e.seq
    from conversation c
    join (select conversation, max(seq) as seq from event group by conversation) e
      on e.conversation = c.id
   where e.seq <> c.seq
  union all
  select a.name || ' holds ' || sum(s.units) || ' of ' || a.capacity
    from slot s join agent a on a.id = s.agent
   group by a.id, a.name, a.capacity having sum(s.units) > a.capacity`;
