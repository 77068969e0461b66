import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ConversationId } from "#shared/model/ids.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";
import { useAction } from "../keys/useAction.ts";
import type { Place } from "../routes/place.ts";
import { PresenceBar } from "../shell/PresenceBar.tsx";
import { useSpeech, useWorkbench } from "../shell/workbench.ts";
import type { Say } from "../text/speech.ts";
import { Icon } from "../ui/Icon.tsx";
import { matches } from "../ui/matches.ts";
import { ChatList } from "./ChatList.tsx";
import { orderMine } from "./order.ts";
import { visitorName } from "./visitorName.ts";

/** The list column: one of the lists, its filter, and the agent's own state below. */
export function Inbox({ view, open }: { view: Place["view"]; open: ConversationId | null }): VNode {
  const { session } = useWorkbench();
  const { t } = useSpeech();
  const filter = useSignal("");
  const field = useRef<HTMLInputElement>(null);
  useAction("filter", () => field.current?.focus());

  useEffect(() => {
    if (view === "closed") session.follow("closed");
  }, [session, view]);

  const { rows, total, ready } = session[view].value;
  const queues = session.welcome.value?.queues ?? [];
  const ordered = view === "mine" ? orderMine(rows) : rows;
  const found = ordered.filter((row) => {
    const queue = queues.find(({ id }) => id === row.conversation.queue)?.name ?? null;
    return matches(filter.value, textsOf(row, queue, t));
  });
  const label = t(`list.${view}`);

  return (
    <section class="inbox" aria-label={label}>
      <header class="inbox-head">
        <h1>{label}</h1>
        {ready && total > 0 && (
          <span class="inbox-count">
            <span aria-hidden="true">{total}</span>
            <span class="hidden">{t("list.count", { count: total })}</span>
          </span>
        )}
      </header>
      <div class="inbox-filter">
        <Icon name="find" size={16} />
        <input
          ref={field}
          type="search"
          aria-label={t("list.filter")}
          placeholder={t("list.filter")}
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            if (filter.value === "") field.current?.blur();
            filter.value = "";
          }}
        />
        <span class="inbox-key" aria-hidden="true">
          <kbd>/</kbd>
        </span>
      </div>
      {!ready && <Skeleton />}
      {ready && rows.length === 0 && <Empty view={view} />}
      {ready && rows.length > 0 && found.length === 0 && (
        <div class="empty">
          <p>{t("list.noMatch", { query: filter.value })}</p>
          <button
            type="button"
            class="button"
            onClick={() => {
              filter.value = "";
              field.current?.focus();
            }}
          >
            {t("list.filterClear")}
          </button>
        </div>
      )}
      {ready && found.length > 0 && (
        <ChatList
          key={view}
          view={view}
          open={open}
          rows={found}
          filter={filter.value}
          label={label}
        />
      )}
      <PresenceBar />
    </section>
  );
}

const textsOf = (
  { conversation, preview }: ListRow,
  queue: string | null,
  t: Say,
): (string | null)[] => [
  visitorName(conversation, t),
  preview?.text ?? null,
  queue,
  conversation.id,
  conversation.page,
];

/** Shown only when loading takes long enough to be noticed. */
const Skeleton = (): VNode => {
  const { t } = useSpeech();
  return (
    <div class="skeleton" role="status">
      <span class="hidden">{t("app.loading")}</span>
      {[72, 54, 64, 48, 60].map((width) => (
        <div key={width} class="skeleton-row" aria-hidden="true">
          <span style={{ width: `${width}%` }} />
          <span style={{ width: `${width + 20}%` }} />
        </div>
      ))}
    </div>
  );
};

function Empty({ view }: { view: Place["view"] }): VNode {
  const { session, commands } = useWorkbench();
  const { t, locale } = useSpeech();
  const queues = session.welcome.value?.queues ?? [];
  const answered = queues.filter(({ memberOf }) => memberOf);
  const waitedIn = new Set(session.waiting.value.rows.map((row) => row.conversation.queue));
  const elsewhere = queues.filter(({ id, memberOf }) => !memberOf && waitedIn.has(id));
  const namesOf = (some: typeof queues) =>
    new Intl.ListFormat(locale, { type: "unit" }).format(some.map(({ name }) => name));
  const away = session.me.value?.status === "away";
  if (view !== "mine") {
    // An agent's lists end with their queues.
    const whose = session.me.value?.role === "agent" ? "Text" : "All";
    const text =
      view === "waiting" ? "list.waitingEmptyText" : (`list.${view}Empty${whose}` as const);
    return (
      <div class="empty">
        <Icon name={view} size={28} />
        <h2>{t(`list.${view}Empty`)}</h2>
        <p>{t(text)}</p>
      </div>
    );
  }
  return (
    <div class="empty">
      <Icon name="chats" size={28} />
      <h2>{t("list.mineEmpty")}</h2>
      {(away || answered.length > 0) && (
        <p>{t(away ? "list.mineEmptyAway" : "list.mineEmptyOnline")}</p>
      )}
      <p>
        {answered.length > 0
          ? t("list.answers", { queues: namesOf(answered) })
          : t("list.answersNone")}
      </p>
      {elsewhere.length > 0 && <p>{t("list.elsewhere", { queues: namesOf(elsewhere) })}</p>}
      {away && (
        <button type="button" class="button primary" onClick={() => commands.run("online")}>
          {t("status.goOnline")}
        </button>
      )}
    </div>
  );
}
