import type { WorkspaceId } from "#shared/model/ids.ts";
import type { DueTaken } from "../../ports.ts";
import type { Driver } from "../driver.ts";

/** Removes what was taken, unless a commit has moved it to another time or fence meanwhile. */
export async function finishDue(
  driver: Driver,
  workspace: WorkspaceId,
  { kind, subject, at, fence }: DueTaken,
): Promise<void> {
  await driver.query(
    `delete from due
     where workspace = $1 and kind = $2 and subject_kind = $3 and subject = $4
       and at = $5 and fence = $6`,
    [workspace, kind, subject.kind, subject.id, at, fence],
  );
}
