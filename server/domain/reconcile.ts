import type { Conversation } from "#shared/model/conversation.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import { type Place, placeOf } from "./place.ts";

/** How a conversation on the floor can differ from what SQL says, in the words of the log. */
export type Drift =
  /** Waits or is held, and the floor doesn't know it. */
  | "missing"
  /** On the floor, and SQL has it closed, parked or not at all. */
  | "ghost"
  /** In another queue, at another agent, or waiting where it is held (and the other way round). */
  | "misplaced"
  /** In the right place with another score, age or weight. */
  | "misranked"
  /** The floor has seen more than SQL has: SQL was put back to before, and the floor is made anew. */
  | "ahead";

export type Standing = { conversation: ConversationId; seq: number; place: Place };

export type Repair = Standing & { drift: Drift };

/**
 * What it takes to make the floor say what SQL says, in both directions (SPEC RC1). Pure: truth and
 * floor come in, repairs go out. Whoever is nowhere in SQL's open conversations is a ghost; its seq
 * is the floor's, so that it may be taken away.
 */
export function reconcile(
  open: readonly Conversation[],
  floor: readonly Standing[],
  stepSecondsOf: (conversation: Conversation) => number,
): Repair[] {
  const placed = new Map(floor.map((standing) => [standing.conversation, standing]));
  const repairs: Repair[] = [];
  for (const conversation of open) {
    const { id, seq } = conversation;
    const place = placeOf(conversation, stepSecondsOf(conversation));
    const known = placed.get(id);
    placed.delete(id);
    const drift = driftOf({ conversation: id, seq, place }, known);
    if (drift) repairs.push({ conversation: id, seq, place, drift });
  }
  for (const { conversation, seq } of placed.values()) {
    repairs.push({ conversation, seq, place: { at: "nowhere" }, drift: "ghost" });
  }
  return repairs;
}

/** Messages move the seq and not the place, so an older seq on the floor is no drift. */
function driftOf(truth: Standing, known: Standing | undefined): Drift | null {
  if (!known) return truth.place.at === "nowhere" ? null : "missing";
  if (known.seq > truth.seq) return "ahead";
  if (truth.place.at === "nowhere") return "ghost";
  if (whereabouts(truth.place) !== whereabouts(known.place)) return "misplaced";
  return detail(truth.place) === detail(known.place) ? null : "misranked";
}

function whereabouts(place: Place): string {
  switch (place.at) {
    case "queue":
      return `queue ${place.queue}`;
    case "agent":
      return `agent ${place.agent}`;
    case "nowhere":
      return "nowhere";
  }
}

function detail(place: Place): string {
  switch (place.at) {
    case "queue":
      return `${place.score} ${place.queuedAt} ${place.units}`;
    case "agent":
      return `${place.units}`;
    case "nowhere":
      return "";
  }
}
