import type { Actor } from "#shared/model/actor.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import { type Refusal, refusal } from "#shared/protocol/refusals.ts";
import type { Accepted, Answer } from "#shared/protocol/sockets.ts";
import { changeOf } from "../domain/change.ts";
import type { ConversationCommand } from "../domain/commands.ts";
import { decide, type Facts } from "../domain/decide.ts";
import { envelop } from "../domain/draft.ts";
import type { Clock, CommandRecord, Ledger } from "../ports.ts";
import { LedgerUnavailable } from "../ports.ts";
import { commandHash } from "./commandHash.ts";
import type { Directory } from "./directory.ts";
import { createLanes } from "./lanes.ts";
import { createRecent } from "./recent.ts";

/** Everybody's way into a conversation: people, rules and timers all send commands. */
export type Dispatch = {
  send(command: ConversationCommand, sender: Sender): Promise<Answer<Accepted>>;
  /** The conversation as this node last knew it; from the Ledger when it doesn't. */
  read(conversation: ConversationId): Promise<Conversation | null>;
  /** Another node committed: what this node knew is old. */
  forget(conversation: ConversationId): void;
  settle(): Promise<void>;
};

export type Sender = { by: Actor; arrival?: Facts["arrival"] };

/** What one commit did; the hearer publishes it, places it on the Desk and wakes the router. */
export type CommittedChange = {
  before: Conversation | null;
  after: Conversation;
  events: readonly ConversationEvent[];
};

type Parts = {
  workspace: WorkspaceId;
  ledger: Ledger;
  directory: Directory;
  clock: Clock;
  secret: string;
  committed(change: CommittedChange): void;
  /** This was committed, or may have been, and perhaps nobody was told. */
  uncertain(conversation: ConversationId): void;
};

/** A decision is made again this often when others commit first; then the client is told to retry. */
const attempts = 5;
const mostKnown = 20_000;

/**
 * load → decide → commit → tell. The only code that commits conversation events; acks follow the
 * commit, never precede it (SPEC P2). Throws nothing: what can't be known now is answered `retry`.
 */
export function createDispatch(parts: Parts): Dispatch {
  const { workspace, ledger, directory, clock, secret, committed, uncertain } = parts;
  const lanes = createLanes();
  const known = createRecent<ConversationId, Conversation>(mostKnown);
  /** What became old, and after how many forgettings: what was asked before may come back after. */
  const forgotten = createRecent<ConversationId, number>(mostKnown);
  let forgettings = 0;

  function forget(id: ConversationId): void {
    known.delete(id);
    forgettings += 1;
    forgotten.set(id, forgettings);
  }

  const forgottenSince = (id: ConversationId, began: number): boolean =>
    (forgotten.get(id) ?? 0) > began;

  async function read(id: ConversationId): Promise<Conversation | null> {
    const remembered = known.get(id);
    if (remembered) return remembered;
    const began = forgettings;
    const found = await ledger.conversation(workspace, id);
    // A commit of this node may have been faster.
    const newer = known.get(id);
    if (newer) return newer;
    if (found && !forgottenSince(id, began)) known.set(id, found);
    return found;
  }

  async function attempt(
    command: ConversationCommand,
    { by, arrival }: Sender,
  ): Promise<Answer<Accepted> | "again"> {
    const remembered = known.get(command.conversation);
    const before = remembered ?? (await read(command.conversation));
    const now = clock.now();
    const decision = decide(before, command, {
      now,
      by,
      queues: directory.queues,
      staffed: directory.staffed,
      agentName: (agent) => directory.agents.get(agent)?.name ?? null,
      ...(arrival && { arrival }),
    });
    const record: CommandRecord = {
      id: command.id,
      subject: { kind: "conversation", id: command.conversation },
      sender: by,
      hash: commandHash(secret, command),
    };
    if (!("decided" in decision)) {
      const first = await firstAnswer(record);
      if (first) return first;
      if (remembered) {
        // Another node may have committed since: nobody is turned away over what this node remembers.
        forget(command.conversation);
        return "again";
      }
      if ("refused" in decision) return refuse(decision.refused);
      const { id, head } = decision.already;
      return { ok: true, conversation: id, ...head, repeat: true };
    }
    const { events, after } = envelop(before, decision.decided, {
      workspace,
      conversation: command.conversation,
      by,
      cause: command.id,
      now,
    });
    const began = forgettings;
    const result = await ledger.commit(changeOf(before, after, events, record));
    switch (result.status) {
      case "committed":
        // Another node may have committed on top and been heard before this answer came.
        if (forgottenSince(after.id, began)) known.delete(after.id);
        else known.set(after.id, after);
        committed({ before, after, events });
        return { ok: true, conversation: after.id, seq: result.seq, at: result.at, repeat: false };
      case "repeat":
        uncertain(command.conversation);
        return {
          ok: true,
          conversation: result.conversation,
          seq: result.seq,
          at: result.at,
          repeat: true,
        };
      case "bodyMismatch":
        return refuse(refusal("command_conflict"));
      case "openElsewhere":
        return refuse(refusal("moved", { conversation: result.conversation }));
      case "full":
        return refuse(refusal("full"));
      case "seqConflict":
        forget(command.conversation);
        return "again";
    }
  }

  /** A repeated command gets its first answer before fence or status is looked at (decision 6). */
  async function firstAnswer(record: CommandRecord): Promise<Answer<Accepted> | null> {
    const first = await ledger.findCommand(workspace, record);
    if (!first) return null;
    if (first.hash !== record.hash) return refuse(refusal("command_conflict"));
    const { conversation, seq, at } = first;
    if (conversation) uncertain(conversation);
    return { ok: true, conversation, seq, at, repeat: true };
  }

  async function send(command: ConversationCommand, sender: Sender): Promise<Answer<Accepted>> {
    try {
      for (let left = attempts; left > 0; left--) {
        const answer = await attempt(command, sender);
        if (answer !== "again") return answer;
      }
      return refuse(refusal("retry"));
    } catch (error) {
      if (!(error instanceof LedgerUnavailable)) throw error;
      // Whether the commit happened isn't known: forget what was remembered, let the client repeat.
      forget(command.conversation);
      uncertain(command.conversation);
      return refuse(refusal("retry", { retryAfterMs: 1_000 }));
    }
  }

  return {
    send: (command, sender) => lanes.run(command.conversation, () => send(command, sender)),
    read,
    forget,
    settle: () => lanes.settle(),
  };
}

const refuse = (why: Refusal): Answer<Accepted> => ({ ok: false, refusal: why });
