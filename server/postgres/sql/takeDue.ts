import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Instant, Millis } from "#shared/model/time.ts";
import type { DueTaken, Subject } from "../../ports.ts";
import type { Driver } from "../driver.ts";

type Row = Omit<DueTaken, "subject"> & { subject_kind: Subject["kind"]; subject: string };

/**
 * Takes what is due, oldest first, under a lease of its own transaction: no lock is held while the
 * work is done. What isn't finished comes back when its lease ends, and each time later (the lease
 * doubles with every attempt, up to 32 times), so that a failing one doesn't keep the ticker busy.
 */
export async function takeDue(
  driver: Driver,
  workspace: WorkspaceId,
  now: Instant,
  lease: Millis,
  limit: number,
): Promise<DueTaken[]> {
  const rows = await driver.query<Row>(
    `with ripe as materialized (
       select workspace, kind, subject_kind, subject
       from due
       where workspace = $1 and at <= $2 and leased_until <= $2
       order by at, kind, subject_kind, subject
       limit $4
       for update skip locked
     )
     update due d
     set attempts = d.attempts + 1,
         leased_until = $2::bigint + $3::bigint * (1 << least(d.attempts, 5))
     from ripe r
     where d.workspace = r.workspace and d.kind = r.kind
       and d.subject_kind = r.subject_kind and d.subject = r.subject
     returning d.kind, d.subject_kind, d.subject, d.at, d.fence, d.attempts`,
    [workspace, now, lease, limit],
  );
  return rows
    .map(({ subject_kind, subject, ...rest }) => ({
      ...rest,
      subject: { kind: subject_kind, id: subject },
    }))
    .sort((a, b) => a.at - b.at || (a.subject.id < b.subject.id ? -1 : 1));
}
