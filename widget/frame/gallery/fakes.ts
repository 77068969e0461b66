import { signal } from "@preact/signals";
import type { ConnectionState } from "#shared/client/connection.ts";
import type { TimelineRow } from "#shared/client/timeline.ts";
import type { VisitorSession } from "#shared/client/visitorSession.ts";
import type { Conversation } from "#shared/model/conversation.ts";
import type { HostHello } from "#shared/protocol/host.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";
import type { VisitorWelcome } from "#shared/protocol/sockets.ts";
import type { Host } from "../host.ts";

/** A session that shows what it is told to and keeps a list of what was asked of it. */
export function fakeSession() {
  const asked: [verb: string, ...values: unknown[]][] = [];
  const verb =
    (name: string) =>
    (...values: unknown[]) => {
      asked.push([name, ...values]);
    };
  const session = {
    connection: signal<ConnectionState>("online"),
    refusal: signal<Refusal | null>(null),
    welcome: signal<VisitorWelcome | null>(null),
    staffed: signal(true),
    conversation: signal<Conversation | null>(null),
    timeline: signal<readonly TimelineRow[]>([]),
    position: signal<number | null>(null),
    agentTyping: signal(false),
    unread: signal(0),
    start: verb("start"),
    say: verb("say"),
    end: verb("end"),
    retry: verb("retry"),
    typing: verb("typing"),
    read: verb("read"),
    startNew: verb("startNew"),
    reconnect: verb("reconnect"),
    dispose: verb("dispose"),
  } satisfies VisitorSession;
  return { ...session, asked };
}

export type FakeSession = ReturnType<typeof fakeSession>;

/** The page around, likewise. */
export function fakeHost(hello: Partial<HostHello>) {
  const asked: [call: string, value: unknown][] = [];
  const host = {
    token: "",
    kept: hello.kept ?? true,
    open: signal(true),
    focusAsked: signal(0),
    narrow: signal(hello.narrow ?? false),
    locale: signal(hello.locale ?? null),
    theme: signal(hello.theme ?? "auto"),
    prefill: signal<{ text: string } | null>(null),
    draft: hello.draft ?? "",
    outbox: "",
    page: () => "https://shop.example/",
    send: (call, value) => {
      asked.push([call, value]);
    },
    keep: async (name, text) => {
      asked.push([name, text]);
      return true;
    },
  } satisfies Host;
  return { ...host, asked };
}
