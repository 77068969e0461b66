import type { Namespace } from "socket.io";
import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import type { Millis } from "#shared/model/time.ts";
import type { Desk } from "../ports.ts";
import { DeskUnavailable } from "../ports.ts";
import { roomOf } from "./deliver.ts";

/** Tells waiting visitors their place in the queue whenever it changed, at most once per beat. */
export type Positions = {
  /** Somebody entered or left a queue. */
  touch(): void;
  /** What to show a visitor who just joined. */
  tell(conversation: ConversationId): Promise<void>;
  stop(): void;
};

type Parts = {
  workspace: WorkspaceId;
  desk: Desk;
  visitors: Namespace;
  /** Conversations that visitors on this node follow. */
  followed(): ConversationId[];
  warn(message: string, error: unknown): void;
};

const beat: Millis = 250;

export function createPositions({ workspace, desk, visitors, followed, warn }: Parts): Positions {
  let shown = new Map<ConversationId, number>();
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  async function refresh(): Promise<void> {
    const ids = followed();
    const positions = await desk.positions(workspace, ids);
    const next = new Map<ConversationId, number>();
    for (const [index, conversation] of ids.entries()) {
      const position = positions[index] ?? null;
      if (position !== null) next.set(conversation, position);
      if (position !== (shown.get(conversation) ?? null)) emit(conversation, position);
    }
    shown = next;
  }

  function emit(conversation: ConversationId, position: number | null): void {
    visitors.to(roomOf("visitor", conversation)).emit("position", { conversation, position });
  }

  return {
    touch() {
      if (timer || stopped) return;
      timer = setTimeout(() => {
        timer = null;
        refresh().catch((error) => {
          if (!(error instanceof DeskUnavailable)) warn("refreshing positions failed", error);
        });
      }, beat);
    },
    async tell(conversation) {
      const [position = null] = await desk.positions(workspace, [conversation]);
      if (position !== null) shown.set(conversation, position);
      emit(conversation, position);
    },
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}
