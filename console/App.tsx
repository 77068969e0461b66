import { effect, type ReadonlySignal, useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { LocationProvider } from "preact-iso/router";
import type { AgentSession } from "#shared/client/agentSession.ts";
import type { Preferences } from "./preferences/preferences.ts";
import { type Clock, startClock } from "./shell/clock.ts";
import { Shell } from "./shell/Shell.tsx";
import { createWorkbench, WorkbenchContext } from "./shell/workbench.ts";
import type { Account, Accounts } from "./signin/accounts.ts";
import { SignIn } from "./signin/SignIn.tsx";
import type { Speech } from "./text/speech.ts";

/** What the console needs from the world around it; tests and the gallery hand in their own. */
export type World = {
  accounts: Accounts;
  openSession: (account: Account, speech: Speech) => AgentSession;
  preferences: Preferences;
  speech: ReadonlySignal<Speech>;
  storage: Storage | null;
  startClock?: () => Clock;
};

type Stage =
  | { at: "asking" }
  | { at: "unreachable" }
  | { at: "door"; ended: boolean }
  | { at: "inside"; account: Account };

/** The console from the first question (who is there?) on. */
export function App({ world }: { world: World }): VNode {
  const stage = useSignal<Stage>({ at: "asking" });
  const { t } = world.speech.value;

  const ask = async () => {
    stage.value = { at: "asking" };
    try {
      const account = await world.accounts.current();
      stage.value = account ? { at: "inside", account } : { at: "door", ended: false };
    } catch {
      stage.value = { at: "unreachable" };
    }
  };
  useEffect(() => void ask(), []);

  const now = stage.value;
  switch (now.at) {
    case "asking":
      return (
        <main class="blank">
          <span class="hidden" role="status">
            {t("app.loading")}
          </span>
        </main>
      );
    case "unreachable":
      return (
        <main class="blank">
          <div class="empty">
            <h1>{t("signin.unreachable")}</h1>
            <p>{t("signin.unreachableText")}</p>
            <button type="button" class="button primary" onClick={() => void ask()}>
              {t("signin.retry")}
            </button>
          </div>
        </main>
      );
    case "door":
      return (
        <SignIn
          accounts={world.accounts}
          preferences={world.preferences}
          t={t}
          ended={now.ended}
          onSignedIn={(account) => {
            stage.value = { at: "inside", account };
          }}
        />
      );
    case "inside":
      return (
        <Inside
          world={world}
          account={now.account}
          onLeft={(ended) => {
            stage.value = { at: "door", ended };
          }}
        />
      );
  }
}

function Inside(props: {
  world: World;
  account: Account;
  onLeft: (ended: boolean) => void;
}): VNode {
  const { world, account, onLeft } = props;
  const { session, clock, workbench } = useMemo(() => {
    const clock = (world.startClock ?? startClock)();
    const session = world.openSession(account, world.speech.peek());
    const signOut = async () => {
      try {
        await world.accounts.signOut();
        onLeft(false);
      } catch {
        workbench.tell(world.speech.peek().t("account.signOutFailed"));
      }
    };
    const workbench = createWorkbench({
      account,
      session,
      clock,
      preferences: world.preferences,
      speech: world.speech,
      storage: world.storage,
      signOut: () => void signOut(),
    });
    return { session, clock, workbench };
  }, [world, account]);

  useEffect(() => {
    const follow = [
      effect(() => {
        const { value } = session.welcome;
        if (value) clock.agree(value.now);
      }),
      effect(() => {
        if (session.refusal.value?.code === "unauthenticated") onLeft(true);
      }),
    ];
    return () => {
      for (const stop of follow) stop();
      session.dispose();
      clock.stop();
    };
  }, [session, clock]);

  return (
    <LocationProvider scope="/console">
      <WorkbenchContext.Provider value={workbench}>
        <Shell />
      </WorkbenchContext.Provider>
    </LocationProvider>
  );
}
