import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Seed } from "../../ports.ts";
import type { Driver } from "../driver.ts";

/**
 * A workspace's first contents, in one statement: whole or not at all. When two nodes set the same
 * workspace up together, the second one's contents are dropped.
 */
export async function seed(driver: Driver, workspace: WorkspaceId, seed: Seed): Promise<void> {
  await driver.query(
    `with fresh as (
       insert into workspace (id, name, created_at)
       select $1::uuid, s.name, s.at from jsonb_to_record($2::jsonb) as s (name text, at bigint)
       on conflict do nothing
       returning id as workspace, created_at as at
     ), seed as (
       select f.workspace, f.at, s.*
       from fresh f,
            jsonb_to_record($2::jsonb)
              as s (queues jsonb, sites jsonb, agents jsonb, "cannedReplies" jsonb)
     ), queues as (
       insert into queue (workspace, id, created_at)
       select s.workspace, q.id, s.at from seed s, jsonb_to_recordset(s.queues) as q (id uuid)
     ), settings as (
       insert into queue_version (workspace, queue, version, at, name, escalates_to, step_ms)
       select s.workspace, q.id, 1, s.at, q.name, q."escalatesTo", round(q."stepSeconds" * 1000)
       from seed s,
            jsonb_to_recordset(s.queues)
              as q (id uuid, name text, "escalatesTo" uuid, "stepSeconds" numeric)
     ), places as (
       insert into site (workspace, id, key, name, origins, accent, queue, created_at)
       select s.workspace, p.id, p.key, p.name, p.origins, p.accent, p.queue, s.at
       from seed s,
            jsonb_to_recordset(s.sites)
              as p (id uuid, key text, name text, origins jsonb, accent text, queue uuid)
     ), people as (
       insert into agent (workspace, id, email, name, role, password_hash, capacity, created_at)
       select s.workspace, a.id, a.email, a.name, a.role, a."passwordHash", a.capacity, s.at
       from seed s,
            jsonb_to_recordset(s.agents)
              as a (id uuid, email text, name text, role text, "passwordHash" text, capacity integer)
     ), members as (
       insert into membership (workspace, queue, agent)
       select s.workspace, queue::uuid, a.id
       from seed s,
            jsonb_to_recordset(s.agents) as a (id uuid, queues jsonb),
            jsonb_array_elements_text(a.queues) as queue
     ), noted as (
       insert into record (workspace, at, kind, subject_kind, subject, by_kind, by_id, body)
       select s.workspace, s.at, 'seeded', 'agent', a.id, 'system', 'seed',
              jsonb_build_object('capacity', a.capacity, 'queues', a.queues, 'status', 'away')
       from seed s, jsonb_to_recordset(s.agents) as a (id uuid, capacity integer, queues jsonb)
     )
     insert into canned_reply (workspace, id, shortcut, title, text)
     select s.workspace, c.id, c.shortcut, c.title, c.text
     from seed s,
          jsonb_to_recordset(s."cannedReplies")
            as c (id uuid, shortcut text, title text, text text)`,
    [workspace, JSON.stringify(seed)],
  );
}
