import type { AgentId } from "#shared/model/ids.ts";
import type { ConversationEvent } from "#shared/protocol/events.ts";
import type { Speech } from "../text/speech.ts";

export type Names = {
  visitor: string;
  me: AgentId;
  nameOf: (agent: AgentId) => string | null;
};

/** What happened, as one short line. Null: nothing anyone needs to read. */
export function systemText(event: ConversationEvent, names: Names, speech: Speech): string | null {
  const { t } = speech;
  const { by } = event;
  const ours = by.kind === "agent" && by.id === names.me;
  const agent = by.kind === "agent" ? (names.nameOf(by.id) ?? t("thread.someAgent")) : null;
  switch (event.kind) {
    case "started": {
      const page = shortPage(event.body.page);
      return page
        ? t("event.startedOn", { name: names.visitor, page })
        : t("event.started", { name: names.visitor });
    }
    case "queued": {
      const queue = event.body.queueName;
      switch (event.body.why) {
        case "started":
          return t("event.queuedStarted", { queue });
        case "transfer": {
          if (ours) return t("event.queuedTransferYou", { queue });
          return agent
            ? t("event.queuedTransferBy", { name: agent, queue })
            : t("event.queuedTransfer", { queue });
        }
        case "woken":
          return t("event.queuedWoken", { queue });
        case "reopened":
          return t("event.queuedReopened", { queue });
        case "agentGone":
          return t("event.queuedAgentGone", { queue });
      }
      return t("event.unknown");
    }
    case "assigned":
      return event.body.agent === names.me
        ? t("event.assignedYou")
        : t("event.assigned", { name: event.body.name });
    case "parked": {
      const { why, wakeAt, queueName } = event.body;
      if (why === "snooze" && wakeAt !== null) {
        return t("event.parkedSnooze", { time: speech.moments.full(wakeAt) });
      }
      if (why === "visitorAway" || why === "snooze") return t("event.parkedVisitorAway");
      return why === "leftMessage"
        ? t("event.parkedLeftMessage", { queue: queueName })
        : t("event.parkedUnattended", { queue: queueName });
    }
    case "closed":
      if (event.body.reason === "visitor") return t("event.closedVisitor");
      if (event.body.reason === "abandoned") return t("event.closedAbandoned");
      if (ours) return t("event.closedYou");
      return agent === null ? t("event.closedRule") : t("event.closedAgent", { name: agent });
    case "message":
    case "note":
      return null;
    default:
      return t("event.unknown");
  }
}

/** The part of an address a person recognises: host and path, without query. */
export function shortPage(page: string | null): string | null {
  if (!page) return null;
  const url = URL.parse(page);
  if (!url || !/^https?:$/.test(url.protocol)) return page.slice(0, 80);
  return `${url.host}${url.pathname === "/" ? "" : url.pathname}`.slice(0, 80);
}
