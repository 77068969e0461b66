import type { Socket } from "socket.io";
import type { WorkspaceId } from "#shared/model/ids.ts";
import { seconds } from "#shared/model/time.ts";
import type { Desk } from "../ports.ts";

/** A lease outlives two missed beats, so one slow Redis call doesn't make anybody look gone. */
export const livenessLease = seconds(30);
const beatEvery = seconds(10);

/**
 * Tells the Desk that somebody's connection is alive for as long as it is. The engine's own ping
 * (15 s + 10 s) ends dead connections, and with them the beat. `came` is called after the first beat,
 * `left` when the connection's lease was given back.
 */
export function keepAlive(
  desk: Desk,
  workspace: WorkspaceId,
  socket: Socket,
  { kind, id }: { kind: "agent" | "visitor"; id: string },
  { came = nothing, left = nothing }: { came?: () => void; left?: () => void } = {},
): void {
  const who = { kind, id, connection: socket.id };
  // A beat that fails is followed by the next; a lease that ran out means Redis was away that long.
  const beat = () => desk.beat(workspace, who, livenessLease).catch(() => undefined);
  const timer = setInterval(beat, beatEvery);
  beats.set(socket, beat);
  socket.once("disconnect", () => {
    clearInterval(timer);
    const farewell = desk
      .gone(workspace, who)
      .then(left, left)
      .finally(() => farewells.delete(farewell));
    farewells.add(farewell);
  });
  void beat().then(came);
}

const beats = new WeakMap<Socket, () => void>();

/** Redis forgot who is there: says so at once, not at the next beat. */
export const beatNow = (socket: Socket): void => beats.get(socket)?.();

/** Leases that are being given back. */
const farewells = new Set<Promise<void>>();

/** Resolves once the Desk knows of everybody who left, or can't be told. */
export async function farewellsSaid(): Promise<void> {
  await Promise.all(farewells);
}

const nothing = () => undefined;
