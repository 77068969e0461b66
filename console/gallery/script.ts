import type { TimelineRow } from "#shared/client/timeline.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import { seconds } from "#shared/model/time.ts";
import type { ListRow } from "#shared/protocol/sockets.ts";
import { account, because, colleagues, event, now, queues } from "./cast.ts";

type Mark = Extract<TimelineRow, { kind: "message" }>["mark"];

/** Writes timelines line by line; `ago` is in seconds. */
export function script(conversation: Conversation): Script {
  const rows: TimelineRow[] = [];
  const next = () => rows.length + 1;
  const visitor = { kind: "visitor", id: conversation.visitor } as const;
  const self: Script = {
    rows,
    started(ago) {
      const { site, visitor: id, name, locale, zone, page, queue, priority, units } = conversation;
      const body = { site, visitor: id, name, locale, zone, page, queue, priority, units };
      return self.happened(ago, { kind: "started", body }, { by: visitor });
    },
    queued(ago, why, by) {
      const { queue, priority, queuedAt } = conversation;
      const queueName = queues.find(({ id }) => id === queue)?.name ?? "";
      const body = { queue, queueName, queuedAt, priority, why };
      return self.happened(ago, { kind: "queued", body }, by ? { by } : {});
    },
    assigned(ago, to = account) {
      const body = { agent: to.id, name: to.name, units: 100 };
      return self.happened(
        ago,
        { kind: "assigned", body },
        { because: because(now - seconds(ago), to.id) },
      );
    },
    happened(ago, body, more) {
      const seq = next();
      const made = event(conversation, seq, ago, body, more);
      rows.push({ key: `e${seq}`, kind: "system", at: made.at, seq, event: made });
      return self;
    },
    visitor(ago, text) {
      const seq = next();
      const at = now - seconds(ago);
      const read = { by: visitor, mine: false, mark: "read" } as const;
      rows.push({ key: `m${seq}`, kind: "message", text, at, seq, ...read });
      return self;
    },
    agent(ago, text, mark = "read", failure) {
      const seq = next();
      rows.push({
        key: `m${seq}`,
        kind: "message",
        by: { kind: "agent", id: account.id },
        text,
        at: now - seconds(ago),
        mine: true,
        mark,
        seq: mark === "queued" || mark === "failed" ? null : seq,
        ...(failure && { failure: { code: failure, retry: false } }),
      });
      return self;
    },
    note(ago, text, by = 1) {
      const seq = next();
      const author = colleagues[by] ?? account;
      rows.push({
        key: `n${seq}`,
        kind: "note",
        by: { kind: "agent", id: author.id },
        text,
        about: "note",
        at: now - seconds(ago),
        seq,
        mark: "sent",
      });
      return self;
    },
  };
  return self;
}

type Happened = Parameters<typeof event>;

export type Script = {
  rows: TimelineRow[];
  started(ago: number): Script;
  queued(
    ago: number,
    why: "started" | "transfer" | "reopened",
    by?: { kind: "agent"; id: typeof account.id },
  ): Script;
  assigned(ago: number, to?: Pick<typeof account, "id" | "name">): Script;
  happened(ago: number, body: Happened[3], more?: Happened[4]): Script;
  visitor(ago: number, text: string): Script;
  agent(ago: number, text: string, mark?: Mark, failure?: "fenced" | "rate"): Script;
  note(ago: number, text: string, by?: number): Script;
};

/** A timeline that agrees with what a list says of the chat. */
export function plainScript({ conversation, preview }: ListRow): TimelineRow[] {
  const made = script(conversation).started(600).queued(600, "started");
  if (conversation.status === "assigned") made.assigned(560);
  if (preview?.by === "visitor") made.visitor((now - preview.at) / 1_000, preview.text);
  if (preview?.by === "agent") {
    made.visitor((now - preview.at) / 1_000 + 40, "Hello, is anyone there?");
    made.agent((now - preview.at) / 1_000, preview.text);
  }
  return made.rows;
}
