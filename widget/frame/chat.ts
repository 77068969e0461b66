import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { VisitorSession } from "#shared/client/visitorSession.ts";
import type { Host } from "./host.ts";
import { agentNames } from "./layout.ts";
import { type Stage, stageOf } from "./stage.ts";
import type { Words } from "./words.ts";

/** Everything the screens read and the verbs they call. */
export type Chat = {
  siteName: ReadonlySignal<string>;
  host: Host;
  session: VisitorSession;
  words: ReadonlySignal<Words>;
  stage: ReadonlySignal<Stage>;
  /** Who holds the chat now, as they introduced themselves. */
  agentName: ReadonlySignal<string | null>;
  /** Whether somebody could answer; null while nobody knows. */
  staffed: ReadonlySignal<boolean | null>;
  draft: Signal<string>;
  visitorName: Signal<string>;
  /** Whether the question before ending is on screen. */
  ending: Signal<boolean>;
  startNew(): void;
  now(): number;
};

export function openChat(parts: {
  siteName: string;
  host: Host;
  session: VisitorSession;
  words: ReadonlySignal<Words>;
  now?: () => number;
}): Chat {
  const { host, session, words } = parts;
  const startedAnew = signal(false);
  const ending = signal(false);
  const visitorName = signal("");
  const text = signal(host.draft);
  let keeping = false;
  /** One at a time, the newest next: each makes the page draw, and an older page never answers. */
  async function keepDraft() {
    if (keeping) return;
    keeping = true;
    let now: string;
    do {
      now = text.peek();
      await host.keep("draft", now);
    } while (now !== text.peek());
    keeping = false;
  }
  text.subscribe(() => void keepDraft());
  effect(() => {
    const wanted = host.prefill.value?.text;
    // What the visitor has typed is theirs; the page's words go below it.
    if (wanted) text.value = [text.peek().trimEnd(), wanted].filter(Boolean).join("\n");
  });

  const agentName = computed(() => {
    const conversation = session.conversation.value;
    if (conversation?.status !== "assigned") return null;
    return agentNames(session.timeline.value).get(conversation.agent) ?? null;
  });
  const stage = computed(() =>
    stageOf({
      connection: session.connection.value,
      welcome: session.welcome.value,
      conversation: session.conversation.value,
      timeline: session.timeline.value,
      startedAnew: startedAnew.value,
    }),
  );
  // Somebody else may end the chat while the visitor is still being asked.
  effect(() => {
    if (stage.value === "closed") ending.value = false;
  });

  return {
    siteName: computed(() => session.welcome.value?.site.name ?? parts.siteName),
    host,
    session,
    words,
    stage,
    agentName,
    staffed: computed(() => (session.connection.value === "online" ? session.staffed.value : null)),
    draft: text,
    visitorName,
    ending,
    startNew() {
      startedAnew.value = true;
      visitorName.value = session.conversation.peek()?.name ?? "";
      session.startNew();
    },
    now: parts.now ?? Date.now,
  };
}

/** Keeps the launcher outside as true as the frame inside. */
export function tellHost({ host, session, siteName, words, stage }: Chat): () => void {
  const stops = [
    effect(() => host.send("unread", { count: session.unread.value })),
    effect(() => {
      const { t } = words.value;
      host.send("labels", {
        open: t("launcher.open"),
        close: t("launcher.close"),
        unread: t("launcher.unread", { count: session.unread.value }),
        title: t("frame.title", { site: siteName.value }),
      });
    }),
    effect(() => {
      const open = ["sending", "waiting", "talking", "kept"].includes(stage.value);
      // While it is still loading nobody knows, and what was said on the page before stays true.
      if (stage.value !== "loading") void host.keep("chat", open ? "1" : "", true);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
