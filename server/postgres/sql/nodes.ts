import type { WorkspaceId } from "#shared/model/ids.ts";
import type { Driver } from "../driver.ts";
import { nowMillis } from "./now.ts";

/** The nodes whose time hasn't run out, by the database's clock. */
export async function nodes(
  driver: Driver,
  workspace: WorkspaceId,
): Promise<{ id: string; cutOff: boolean }[]> {
  return await driver.query<{ id: string; cutOff: boolean }>(
    `select id, cut_off as "cutOff" from node
     where workspace = $1 and until > ${nowMillis}
     order by id`,
    [workspace],
  );
}
