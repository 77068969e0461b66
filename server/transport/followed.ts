import type { Socket } from "socket.io";
import type { Audience } from "#shared/model/audience.ts";
import type { ConversationId } from "#shared/model/ids.ts";

/** The conversations a socket follows, read from its rooms. */
export function followedBy(socket: Socket, audience: Audience): ConversationId[] {
  const prefix = `${audience}:`;
  return [...socket.rooms]
    .filter((room) => room.startsWith(prefix))
    .map((room) => room.slice(prefix.length) as ConversationId);
}
