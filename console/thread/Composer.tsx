import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useId, useLayoutEffect, useRef } from "preact/hooks";
import type { Thread } from "#shared/client/agentSession.ts";
import { reopenWindow } from "#shared/model/conversation.ts";
import type { QueueId } from "#shared/model/ids.ts";
import { messageTextLimit, noteTextLimit } from "#shared/model/message.ts";
import type { CannedReply } from "#shared/protocol/sockets.ts";
import { useAction } from "../keys/useAction.ts";
import { useQueueName, useSpeech, useWorkbench } from "../shell/workbench.ts";
import { Icon } from "../ui/Icon.tsx";
import { Keys } from "../ui/Keys.tsx";
import { CannedList } from "./CannedList.tsx";
import { cannedQuery, insertAt } from "./cannedQuery.ts";
import type { Draft } from "./drafts.ts";
import { fillCanned } from "./fillCanned.ts";
import { filterCanned } from "./filterCanned.ts";
import { useNameOf } from "./people.ts";
import { sends } from "./sendKey.ts";
import type { Standing } from "./standing.ts";

/** From here on the composer counts what is left. */
const countFrom = 500;
const shortName = 24;

type Props = {
  thread: Thread;
  standing: Standing;
  /** How the visitor is called here, and their own name if they gave one. */
  visitor: string;
  visitorName: string | null;
  focusOnOpen: boolean;
};

/** Where the agent writes: a reply while the chat is theirs, a note always. */
export function Composer(props: Props): VNode {
  const { thread, standing, visitor, visitorName, focusOnOpen } = props;
  const { drafts, preferences, session, account } = useWorkbench();
  const { t } = useSpeech();
  const draft = useSignal<Draft>(drafts.read(thread.id));
  const caret = useSignal(draft.peek().reply.length);
  const dismissed = useSignal<string | null>(null);
  const active = useSignal(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  // The session makes few signals of these many calls.
  const stopTyping = () => thread.typing(false);
  useEffect(() => stopTyping, [thread]);

  const mine = standing.kind === "mine";
  const mode = mine ? draft.value.mode : "note";
  const text = draft.value[mode];
  const limit = mode === "note" ? noteTextLimit : messageTextLimit;
  const left = limit - text.trim().length;

  const change = (next: Partial<Draft>) => {
    draft.value = { ...draft.value, ...next };
    drafts.write(thread.id, draft.value);
  };
  const write = (next: string, at: number) => {
    change({ [mode]: next, mode });
    caret.value = at;
  };
  const choose = (next: Draft["mode"]) => {
    change({ mode: next });
    stopTyping();
    field.current?.focus();
  };
  const typed = mode === "reply" ? cannedQuery(text, caret.value) : null;
  const query = typed && dismissed.value !== `${typed.start}` ? typed : null;
  const replies = query
    ? filterCanned(session.welcome.value?.cannedReplies ?? [], query.query)
    : [];
  const at = Math.min(active.value, Math.max(0, replies.length - 1));
  const fill = (template: string) =>
    fillCanned(template, { "visitor.name": visitorName, "agent.name": account.name });
  const pick = (reply: CannedReply) => {
    if (!query) return;
    const done = insertAt(text, query, fill(reply.text));
    write(done.text, done.caret);
    active.value = 0;
    thread.typing(true);
    moveCaret.current = done.caret;
  };
  const moveCaret = useRef<number | null>(null);

  // While replies are asked for one is chosen; where none matches, "/del" is no answer to anybody.
  const sendable = text.trim() !== "" && left >= 0 && query === null;
  const send = () => {
    field.current?.focus();
    if (!sendable) return;
    stopTyping();
    const said = text.trim();
    write("", 0);
    if (mode === "note") thread.note(said);
    else thread.say(said);
  };

  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    // Grows with its text where the browser can't by itself; the stylesheet says how far.
    if (!CSS.supports("field-sizing", "content")) {
      element.style.height = "auto";
      element.style.height = `${element.scrollHeight + 2}px`;
    }
    if (moveCaret.current === null) return;
    element.focus();
    element.setSelectionRange(moveCaret.current, moveCaret.current);
    moveCaret.current = null;
  }, [text, mode]);
  useLayoutEffect(() => {
    if (focusOnOpen && mine) field.current?.focus();
  }, []);

  useAction("reply", () => choose("reply"), mine);
  useAction("note", () => choose("note"));
  useAction(
    "canned",
    () => {
      const reply = draft.value.reply;
      const spaced = reply === "" || /\s$/.test(reply) ? "/" : " /";
      change({ reply: reply + spaced, mode: "reply" });
      caret.value = moveCaret.current = reply.length + spaced.length;
      dismissed.value = null;
    },
    mine,
  );

  const onKeyDown = (event: KeyboardEvent) => {
    if (query && !event.isComposing && replies.length > 0) {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      if (step !== 0) {
        event.preventDefault();
        active.value = (at + step + replies.length) % replies.length;
        return;
      }
      const chosen = replies[at];
      const plainEnter = event.key === "Enter" && !event.ctrlKey && !event.metaKey;
      if (chosen && (plainEnter || event.key === "Tab") && !event.shiftKey) {
        event.preventDefault();
        pick(chosen);
        return;
      }
    }
    if (query && event.key === "Escape") {
      event.preventDefault();
      dismissed.value = `${query.start}`;
      return;
    }
    if (sends(event, preferences.sendWith.value)) {
      event.preventDefault();
      send();
    }
  };

  // As much of the name as leaves the sentence on one line.
  // The sentence ends in an ellipsis of its own, which shows that a name was cut.
  const short = visitor.length > shortName ? visitor.slice(0, shortName).trim() : visitor;
  const label =
    mode === "note" ? t("composer.noteLabel") : t("composer.replyLabel", { name: visitor });
  const open = query !== null && replies.length > 0;
  return (
    <div class={`composer composer-${mode}`}>
      {!mine && (
        <Explanation standing={standing} draft={draft.value} onDrop={() => change({ reply: "" })} />
      )}
      {query && (
        <CannedList
          id={listId}
          replies={replies}
          fill={fill}
          active={at}
          onPick={pick}
          onPoint={(index) => {
            active.value = index;
          }}
        />
      )}
      <div class="composer-box">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          aria-label={label}
          aria-haspopup="listbox"
          aria-autocomplete={mode === "reply" ? "list" : undefined}
          aria-controls={open ? listId : undefined}
          aria-activedescendant={open ? `${listId}-${at}` : undefined}
          aria-invalid={left < 0}
          placeholder={
            mode === "note"
              ? t("composer.notePlaceholder")
              : t("composer.replyPlaceholder", { name: short })
          }
          value={text}
          onInput={({ currentTarget: element }) => {
            write(element.value, element.selectionEnd);
            active.value = 0;
            if (cannedQuery(element.value, element.selectionEnd) === null) dismissed.value = null;
            if (mode === "note" || element.value.trim() === "") stopTyping();
            else thread.typing(true);
          }}
          onSelect={({ currentTarget: element }) => {
            caret.value = element.selectionEnd;
          }}
          onBlur={stopTyping}
          onKeyDown={onKeyDown}
        />
        <div class="composer-bar">
          {mine && (
            <fieldset class="segments">
              <legend class="hidden">{t("composer.mode")}</legend>
              <button type="button" aria-pressed={mode === "reply"} onClick={() => choose("reply")}>
                {t("composer.reply")}
              </button>
              <button type="button" aria-pressed={mode === "note"} onClick={() => choose("note")}>
                <Icon name="lock" size={14} />
                {t("composer.note")}
              </button>
            </fieldset>
          )}
          {mode === "note" && <span class="composer-private">{t("note.team")}</span>}
          {mine && mode === "reply" && <CannedButton />}
          <span class="composer-space" />
          {left < countFrom ? (
            <span class={left < 0 ? "composer-left over" : "composer-left"} role="status">
              {left < 0
                ? t("composer.over", { count: -left })
                : t("composer.left", { count: left })}
            </span>
          ) : (
            <Hint />
          )}
          <button
            type="button"
            class={`button primary${mode === "note" ? " amber" : ""}`}
            aria-disabled={!sendable}
            onClick={send}
          >
            {mode === "note" ? t("composer.addNote") : t("composer.send")}
          </button>
        </div>
      </div>
    </div>
  );
}

function CannedButton(): VNode {
  const { commands } = useWorkbench();
  const { t } = useSpeech();
  return (
    <button
      type="button"
      class="composer-canned"
      title={t("composer.canned")}
      onClick={() => commands.run("canned")}
    >
      <span aria-hidden="true">
        <kbd>/</kbd>
      </span>
      <span>{t("composer.canned")}</span>
    </button>
  );
}

/** Which key sends, where there is room to say it. */
function Hint(): VNode {
  const { preferences } = useWorkbench();
  return (
    <span class="composer-hint" aria-hidden="true">
      <Keys press={preferences.sendWith.value === "enter" ? "Enter" : "mod+Enter"} />
    </span>
  );
}

/** Why only notes can be written here, and what became of a reply that was begun. */
function Explanation(props: { standing: Standing; draft: Draft; onDrop: () => void }): VNode {
  const { standing, draft, onDrop } = props;
  const { tell } = useWorkbench();
  const { t } = useSpeech();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(draft.reply);
      tell(t("context.copied"));
    } catch {
      tell(t("context.copyFailed"));
    }
  };
  return (
    <div class="composer-why" role="status">
      <p>
        <Why standing={standing} />
      </p>
      {draft.reply.trim() !== "" && (
        <div class="composer-kept">
          <p>
            {t("composer.draftKept")} <bdi>“{draft.reply.trim()}”</bdi>
          </p>
          <button type="button" class="link" onClick={() => void copy()}>
            {t("composer.copyDraft")}
          </button>
          <button type="button" class="link" onClick={onDrop}>
            {t("composer.dropDraft")}
          </button>
        </div>
      )}
    </div>
  );
}

function Why({ standing }: { standing: Standing }): VNode | null {
  const { t } = useSpeech();
  const nameOf = useNameOf();
  switch (standing.kind) {
    case "waiting":
      return <Waiting queue={standing.queue} />;
    case "other":
      return <>{t("composer.other", { name: nameOf(standing.agent) ?? t("thread.someAgent") })}</>;
    case "transferred":
      return <Transferred queue={standing.queue} />;
    case "parked":
      return <Parked why={standing.why} queue={standing.queue} />;
    case "closed":
      return <Closed reason={standing.reason} at={standing.at} />;
    default:
      return null;
  }
}

/** A chat of a queue one is not in doesn't come to one from there, however free one is. */
function Waiting({ queue }: { queue: QueueId }): VNode {
  const { session } = useWorkbench();
  const { t } = useSpeech();
  const found = session.welcome.value?.queues.find(({ id }) => id === queue);
  const elsewhere = found && !found.memberOf;
  return (
    <>{elsewhere ? t("composer.waitingElsewhere", { queue: found.name }) : t("composer.waiting")}</>
  );
}

function Parked({ why, queue }: Pick<Extract<Standing, { kind: "parked" }>, "why" | "queue">) {
  const { t } = useSpeech();
  const name = useQueueName(queue);
  return (
    <>{why === "unattended" ? t("composer.parked", { queue: name }) : t("composer.parkedOther")}</>
  );
}

const closedBy = {
  agent: "composer.closedAgent",
  visitor: "composer.closedVisitor",
  abandoned: "composer.closedAbandoned",
} as const;

/** What became of it, and what happens if its visitor writes again. */
function Closed({ reason, at }: Pick<Extract<Standing, { kind: "closed" }>, "reason" | "at">) {
  const { now } = useWorkbench();
  const { t } = useSpeech();
  const reopens = now.value - at <= reopenWindow;
  return (
    <>
      {t(closedBy[reason])} {t(reopens ? "composer.reopens" : "composer.reopensNot")}
    </>
  );
}

const Transferred = ({
  queue,
}: Pick<Extract<Standing, { kind: "transferred" }>, "queue">): VNode => {
  const { t } = useSpeech();
  return <>{t("composer.transferred", { queue: useQueueName(queue) })}</>;
};
