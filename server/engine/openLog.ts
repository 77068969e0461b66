import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Desk, Ledger, LogMarkKeeper } from "../ports.ts";

/**
 * Which log this node stands on. A database put back from an earlier copy doesn't know what it lacks;
 * the Desk, and the keeper beside an embedded one, remember how far it was (SPEC RC18). What the Desk
 * holds of another log is of no use: it is forgotten and made anew.
 */
export async function openLog(parts: {
  workspace: WorkspaceId;
  ledger: Ledger;
  desk: Desk;
  keeper: LogMarkKeeper | null;
}): Promise<string> {
  const { workspace, ledger, desk, keeper } = parts;
  // Before SQL is looked at: what is marked meanwhile is certain to be there.
  const [inDesk, kept] = await Promise.all([desk.logMark(workspace), keeper?.read() ?? null]);
  const epoch = await ledger.openLog([inDesk, kept].filter((mark) => mark !== null));
  if (inDesk && inDesk.epoch !== epoch) await desk.forget(workspace);
  return epoch;
}
