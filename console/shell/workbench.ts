import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { AgentSession } from "#shared/client/agentSession.ts";
import type { QueueId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import { type Commands, createCommands } from "../keys/commands.ts";
import type { Preferences } from "../preferences/preferences.ts";
import type { Account } from "../signin/accounts.ts";
import type { Speech } from "../text/speech.ts";
import { type Drafts, openDrafts } from "../thread/drafts.ts";
import type { Clock } from "./clock.ts";

/** Which dialog lies over everything; there is never more than one. */
export type OpenDialog =
  | "palette"
  | "help"
  | "preferences"
  | "transfer"
  | "close"
  | "signOut"
  | null;

/** Everything the screens of a signed-in agent read from and say things to. */
export type Workbench = {
  account: Account;
  session: AgentSession;
  preferences: Preferences;
  speech: ReadonlySignal<Speech>;
  now: ReadonlySignal<Instant>;
  drafts: Drafts;
  commands: Commands;
  dialog: Signal<OpenDialog>;
  /** One short sentence about what was just done. */
  toast: Signal<{ text: string; id: number } | null>;
  tell(text: string): void;
  signOut(): void;
};

export function createWorkbench(
  parts: Pick<Workbench, "account" | "session" | "preferences" | "speech" | "signOut"> & {
    clock: Clock;
    storage: Storage | null;
  },
): Workbench {
  const { account, session, preferences, speech, signOut, clock, storage } = parts;
  const toast = signal<{ text: string; id: number } | null>(null);
  let told = 0;
  return {
    account,
    session,
    preferences,
    speech,
    signOut,
    now: clock.now,
    drafts: openDrafts(account.id, storage, () => clock.now.peek()),
    commands: createCommands(),
    dialog: signal<OpenDialog>(null),
    toast,
    tell(text) {
      told += 1;
      toast.value = { text, id: told };
    },
  };
}

export const WorkbenchContext = createContext<Workbench | null>(null);

export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (!workbench) throw new Error("This part of the console stands outside the signed-in shell");
  return workbench;
}

/** How the console speaks; drawing again when the language changes. */
export const useSpeech = (): Speech => useWorkbench().speech.value;

/** A queue's name by its id; empty until the welcome came. */
export const useQueueName = (id: QueueId): string =>
  useWorkbench().session.welcome.value?.queues.find((queue) => queue.id === id)?.name ?? "";

/** Why something was refused, as a sentence. */
export const refusalText = ({ t }: Speech, refusal: Refusal): string =>
  t(`refusal.${refusal.code}`);
