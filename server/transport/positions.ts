import type { ConversationId, QueueId, WorkspaceId } from "#shared/model/ids.ts";
import type { Millis } from "#shared/model/time.ts";
import { createRounds } from "../engine/rounds.ts";
import type { Desk, QueuePosition } from "../ports.ts";
import { DeskUnavailable } from "../ports.ts";
import type { Delivery } from "./deliver.ts";

/**
 * Tells waiting visitors their place in the queue and whether anybody serves it, whenever either
 * changed, at most once per beat.
 */
export type Positions = {
  /** Somebody entered or left a queue, or came or went who serves one. */
  touch(): void;
  /** What to show a visitor who just joined. */
  tell(conversation: ConversationId): Promise<void>;
  /** With the queue they wait in, or null when they don't. */
  of(conversation: ConversationId): Promise<{ place: Place; queue: QueueId | null }>;
  stop(): void;
};

type Parts = {
  workspace: WorkspaceId;
  desk: Desk;
  delivery: Pick<Delivery, "position" | "followed">;
  /** Whether anybody serves the queue now. */
  staffed(queue: QueueId): boolean;
  warn(message: string, error: unknown): void;
};

export type Place = { position: number | null; staffed: boolean };

const beat: Millis = 250;

export function createPositions(parts: Parts): Positions {
  const { workspace, desk, delivery, staffed, warn } = parts;
  let shown = new Map<ConversationId, string>();
  const rounds = createRounds(refresh, (error) => {
    if (!(error instanceof DeskUnavailable)) warn("refreshing positions failed", error);
  });

  async function refresh(): Promise<void> {
    const ids = delivery.followed("visitor");
    const positions = await desk.positions(workspace, ids);
    const next = new Map<ConversationId, string>();
    for (const [index, conversation] of ids.entries()) {
      const place = placeOf(positions[index]);
      if (place.position !== null) next.set(conversation, keyOf(place));
      if (next.get(conversation) !== shown.get(conversation)) emit(conversation, place);
    }
    shown = next;
  }

  /** Who doesn't wait lacks nobody. */
  const placeOf = (at: QueuePosition | null | undefined): Place =>
    at ? { position: at.position, staffed: staffed(at.queue) } : { position: null, staffed: true };
  const keyOf = ({ position, staffed }: Place) => `${position} ${staffed}`;

  function emit(conversation: ConversationId, place: Place): void {
    delivery.position({ conversation, ...place });
  }

  async function of(conversation: ConversationId) {
    const [at] = await desk.positions(workspace, [conversation]);
    return { place: placeOf(at), queue: at?.queue ?? null };
  }

  return {
    touch: () => rounds.soon(beat),
    async tell(conversation) {
      const { place } = await of(conversation);
      if (place.position !== null) shown.set(conversation, keyOf(place));
      emit(conversation, place);
    },
    of,
    stop: rounds.stop,
  };
}
