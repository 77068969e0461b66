import type { WorkspaceId } from "#shared/model/ids.ts";
import type { CannedReply } from "#shared/protocol/sockets.ts";
import type { Driver } from "../driver.ts";

/** Ready-made texts for agents, by shortcut. */
export async function cannedReplies(
  driver: Driver,
  workspace: WorkspaceId,
): Promise<CannedReply[]> {
  return await driver.query<CannedReply>(
    `select id, shortcut, title, text from canned_reply where workspace = $1 order by shortcut`,
    [workspace],
  );
}
