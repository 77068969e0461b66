import { visible } from "#shared/domain/visible.ts";
import { type Audience, audienceBit, everyone } from "#shared/model/audience.ts";
import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { Driver } from "../driver.ts";
import { type EventRow, eventColumns, eventOf } from "../rows/event.ts";

const sql = `
  select ${eventColumns}
  from event
  where workspace = $1 and conversation = $2 and seq > $3 and audience & $4 <> 0
  order by seq
  limit $5`;

/** Events after `since` that the audience may see, oldest first, stripped for it. */
export async function events(
  driver: Driver,
  workspace: WorkspaceId,
  id: ConversationId,
  audience: Audience,
  since: number,
  limit: number,
): Promise<ConversationEvent[]> {
  const params = [workspace, id, since, audienceBit[audience], limit];
  const rows = await driver.query<EventRow>(sql, params);
  return rows.map(eventOf).flatMap((event) => visible(audience, event) ?? []);
}

/** Events as they were written, for nobody's eyes. */
export async function readLog(
  driver: Driver,
  workspace: WorkspaceId,
  id: ConversationId,
  since: number,
  limit: number,
): Promise<ConversationEvent[]> {
  const rows = await driver.query<EventRow>(sql, [workspace, id, since, everyone, limit]);
  return rows.map(eventOf);
}
