import { effect } from "@preact/signals-core";
import { describe, expect, it } from "vitest";
import type { VisitorSession } from "#shared/client/visitorSession.ts";
import type { AgentId, CommandId, ConversationId } from "#shared/model/ids.ts";
import { days, hours, minutes, seconds } from "#shared/model/time.ts";
import { refusal } from "#shared/protocol/refusals.ts";
import { browser } from "./support/browser.ts";
import { setting } from "./support/setting.ts";

const texts = (session: VisitorSession) =>
  session.timeline.value.flatMap((row) => (row.kind === "message" ? [row.text] : []));
const marks = (session: VisitorSession) =>
  session.timeline.value.flatMap((row) => (row.kind === "message" ? [row.mark] : []));
const idOf = (session: VisitorSession) => session.conversation.value?.id as ConversationId;

describe("A visitor's session", () => {
  it("[C5] shows a message before it is sent, keeps its key, and marks how far it got", async () => {
    const { sim, server, visitor, agent } = setting();
    const { session } = visitor();
    session.start("Vera", "hello");
    expect(marks(session)).toEqual(["queued"]);
    const [pending] = session.timeline.value;
    await sim.pass(seconds(2));
    expect(session.conversation.value).toMatchObject({ name: "Vera", status: "queued" });
    expect(session.conversation.value?.page).toBe("https://shop.example/shoes");
    const row = session.timeline.value.find(({ kind }) => kind === "message");
    expect(row?.key).toBe(pending?.key);
    expect(marks(session)).toEqual(["sent"]);

    const console = agent();
    await sim.pass(seconds(1));
    server.assignWaiting(["a1" as AgentId]);
    await sim.pass(seconds(3));
    expect(marks(session)).toEqual(["delivered"]);
    const thread = console.session.thread(idOf(session));
    await sim.pass(seconds(1));
    thread.read();
    await sim.pass(seconds(3));
    expect(marks(session)).toEqual(["read"]);
  });

  it("[C5] writes a command down before sending it, one at a time, in order", async () => {
    const { sim, visitor, server } = setting();
    const kept = browser((done) => sim.after(40, done));
    const { session, wire } = visitor(kept);
    await sim.pass(seconds(1));
    session.start(null, "one");
    session.say("two");
    session.say("three");
    const sent = () => wire.sent.filter(({ event }) => event === "command");
    for (let tick = 0; tick < 1_000; tick++) {
      await sim.pass(1);
      const stored = new Set(kept.all().map(({ id }) => id));
      for (const { payload } of sent()) expect(stored).toContain((payload as { id: CommandId }).id);
    }
    expect(sent().map(({ payload }) => (payload as { kind: string }).kind)).toEqual([
      "start",
      "say",
      "say",
      "say",
    ]);
    expect(server.seen(idOf(session), "visitor").map(({ kind }) => kind)).toEqual([
      "started",
      "queued",
      "message",
      "message",
      "message",
    ]);
  });

  it("[C6] repeats a command whose answer was lost under the same id", async () => {
    const { sim, visitor, faults, server } = setting();
    const { session, wire } = visitor();
    await sim.pass(seconds(1));
    faults.drop = 1;
    session.start(null, "hello");
    await sim.pass(seconds(5));
    faults.drop = 0;
    await sim.pass(seconds(60));
    const ids = wire.sent
      .filter(({ event }) => event === "command")
      .map(({ payload }) => (payload as { id: CommandId; kind: string }).id);
    expect(ids.length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(2);
    expect(server.seen(idOf(session), "visitor")).toHaveLength(3);
  });

  it("[C6] waits as long as a busy server asks for", async () => {
    const { sim, visitor, server } = setting();
    const { session, wire } = visitor();
    await sim.pass(seconds(1));
    server.busy = 1;
    session.start(null, "hello");
    await sim.pass(400);
    expect(wire.sent.filter(({ event }) => event === "command")).toHaveLength(1);
    server.busy = 0;
    await sim.pass(seconds(5));
    expect(marks(session)).toEqual(["sent"]);
  });

  it("[C6] does not wait out a pause from before when the connection is new", async () => {
    const { sim, visitor, server } = setting();
    const { session, wire, world } = visitor();
    await sim.pass(seconds(1));
    world.random = () => 0.99;
    server.busy = 1;
    session.start(null, "hello");
    await sim.pass(minutes(2));
    server.busy = 0;
    wire.cut();
    await sim.pass(seconds(2));
    expect(marks(session)).toEqual(["sent"]);
  });

  it("[C3] asks for the events of its own command when nobody tells them", async () => {
    const { sim, visitor, server } = setting();
    const { session } = visitor();
    session.start(null, "one");
    await sim.pass(seconds(5));
    const { handle } = server;
    server.handle = (peer, event, payload) => {
      let answer = handle.call(server, peer, "typing", payload);
      server.silently(() => {
        answer = handle.call(server, peer, event, payload);
      });
      return answer;
    };
    session.say("two");
    await sim.pass(500);
    expect(marks(session)).toEqual(["sent", "sent"]);
    expect(session.conversation.value?.seq).toBe(3);
    await sim.pass(seconds(1));
    expect(session.conversation.value?.seq).toBe(4);
  });

  it("[C10] sends again after a week under the id it had, since it may have been taken", async () => {
    const { sim, visitor, server } = setting();
    const kept = browser();
    const before = visitor(kept);
    await sim.pass(seconds(1));
    const { handle } = server;
    // What is said is taken, and no answer comes back.
    server.handle = (peer, event, payload) => {
      const answer = handle.call(server, peer, event, payload);
      const said = (payload as { kind?: string }).kind === "say";
      return said ? { ok: false, refusal: refusal("unavailable") } : answer;
    };
    before.session.start(null, "old news");
    await sim.pass(seconds(1));
    before.close();
    server.handle = (peer, event, payload) =>
      event === "join" || event === "sync"
        ? { ok: false, refusal: refusal("unavailable") }
        : handle.call(server, peer, event, payload);
    await sim.pass(days(8));
    const { session } = visitor(kept);
    await sim.pass(seconds(5));
    const row = session.timeline.value[0];
    expect(row).toMatchObject({ text: "old news", mark: "failed" });
    session.retry(row?.key as string);
    session.say("and news");
    await sim.pass(seconds(5));
    server.handle = handle;
    await sim.pass(minutes(1));
    expect(texts(session)).toEqual(["old news", "and news"]);
    expect(server.conversations.size).toBe(1);
  });

  it("[C7] keeps what was not sent over a reload, and shows it while offline", async () => {
    const { sim, visitor, server } = setting();
    const kept = browser();
    const before = visitor(kept);
    before.wire.refuseWith(refusal("unavailable"));
    before.session.start("Vera", "are you there?");
    before.session.say("hello?");
    await sim.pass(seconds(30));
    expect(before.session.connection.value).toBe("reconnecting");
    before.close();

    const after = visitor(kept);
    await sim.pass(1);
    expect(texts(after.session)).toEqual(["are you there?", "hello?"]);
    await sim.pass(seconds(10));
    expect(marks(after.session)).toEqual(["sent", "sent"]);
    expect(server.seen(idOf(after.session), "visitor")).toHaveLength(4);
  });

  it("[C7] does not send what another living page is sending", async () => {
    const { sim, visitor } = setting();
    const kept = browser();
    const first = visitor(kept);
    first.wire.refuseWith(refusal("unavailable"));
    first.session.start(null, "hello");
    await sim.pass(seconds(1));
    const second = visitor(kept);
    await sim.pass(seconds(5));
    expect(second.wire.sent.filter(({ event }) => event === "command")).toEqual([]);
    first.wire.refuseWith(null);
    await sim.pass(minutes(1));
    expect(texts(first.session)).toEqual(["hello"]);
    expect(texts(second.session)).toEqual(["hello"]);
  });

  it("[C7] sends what another page left unsent when it was closed", async () => {
    const { sim, visitor, server } = setting();
    const kept = browser();
    const first = visitor(kept);
    const others = [visitor(kept), visitor(kept)];
    await sim.pass(seconds(1));
    first.wire.refuseWith(refusal("unavailable"));
    first.wire.cut();
    first.session.start(null, "on my way out");
    await sim.pass(1);
    first.close();
    await sim.pass(seconds(5));
    expect(others.flatMap(({ session }) => texts(session))).toEqual([
      "on my way out",
      "on my way out",
    ]);
    const senders = others.filter(({ wire }) => wire.sent.some(({ event }) => event === "command"));
    expect(senders).toHaveLength(1);
    expect(server.conversations.size).toBe(1);
  });

  it("[C8] goes on in the open conversation when there is one, under the same ids", async () => {
    const { sim, visitor, server } = setting();
    const first = visitor();
    first.session.start(null, "from one device");
    await sim.pass(seconds(2));
    const second = visitor();
    // It starts before it could learn of the other.
    second.session.start("Vera", "from another");
    second.session.say("and more");
    const ids = second.session.timeline.value.map(({ key }) => key);
    await sim.pass(seconds(5));
    expect(server.conversations.size).toBe(1);
    expect(idOf(second.session)).toBe(idOf(first.session));
    expect(texts(second.session)).toEqual(["from one device", "from another", "and more"]);
    const keys = second.session.timeline.value.map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(ids));
  });

  it("[C8] begins anew when the conversation closed too long ago", async () => {
    const { sim, visitor, server } = setting();
    const { session } = visitor();
    session.start("Vera", "hello");
    session.end();
    await sim.pass(hours(25));
    const old = idOf(session);
    session.say("one more thing");
    session.say("and another");
    await sim.pass(seconds(5));
    expect(idOf(session)).not.toBe(old);
    expect(session.conversation.value?.name).toBe("Vera");
    expect(texts(session)).toEqual(["one more thing", "and another"]);
    expect(server.seen(old, "visitor").filter(({ kind }) => kind === "message")).toHaveLength(1);
  });

  it("[C8] reopens a conversation that closed a short while ago", async () => {
    const { sim, visitor } = setting();
    const { session } = visitor();
    session.start(null, "hello");
    session.end();
    await sim.pass(hours(1));
    expect(session.conversation.value?.status).toBe("closed");
    session.say("one more thing");
    await sim.pass(seconds(5));
    expect(session.conversation.value?.status).toBe("queued");
    expect(texts(session)).toEqual(["hello", "one more thing"]);
  });

  it("[C8] leaves a closed conversation behind when the visitor starts anew", async () => {
    const { sim, visitor, server } = setting();
    const { session, wire } = visitor();
    session.start(null, "hello");
    session.end();
    await sim.pass(minutes(1));
    session.startNew();
    expect(session.timeline.value).toEqual([]);
    expect(session.conversation.value).toBeNull();
    wire.cut();
    await sim.pass(minutes(1));
    expect(session.conversation.value).toBeNull();
    session.start("Vera", "something else");
    await sim.pass(seconds(5));
    expect(texts(session)).toEqual(["something else"]);
    expect(server.conversations.size).toBe(2);
  });

  it("[C9] sends again what a restored server has lost, and shows its log", async () => {
    const { sim, visitor, server } = setting();
    const { session, wire } = visitor();
    session.start(null, "one");
    await sim.pass(seconds(5));
    const backup = server.backup();
    session.say("two");
    session.say("three");
    await sim.pass(seconds(5));
    server.restore(backup, "epoch-2");
    wire.cut();
    await sim.pass(seconds(30));
    expect(texts(session)).toEqual(["one", "two", "three"]);
    expect(server.seen(idOf(session), "visitor")).toHaveLength(5);
  });

  it("[C9] sends everything again to a server that was emptied", async () => {
    const { sim, visitor, server } = setting();
    const empty = server.backup();
    const { session, wire } = visitor();
    session.start("Vera", "one");
    session.say("two");
    await sim.pass(seconds(5));
    server.restore(empty, "epoch-2");
    wire.cut();
    await sim.pass(seconds(30));
    expect(texts(session)).toEqual(["one", "two"]);
    expect(session.conversation.value?.name).toBe("Vera");
  });

  it("[C4] starts from the beginning when its own log is longer than the server's", async () => {
    const { sim, visitor, server } = setting();
    const { session, wire } = visitor();
    session.start(null, "one");
    await sim.pass(seconds(5));
    const backup = server.backup();
    session.say("two");
    await sim.pass(seconds(5));
    // Restored without telling: the same epoch, a shorter log.
    server.restore(backup, server.logEpoch);
    wire.cut();
    await sim.pass(seconds(30));
    expect(texts(session)).toEqual(["one", "two"]);
    expect(server.seen(idOf(session), "visitor")).toHaveLength(4);
  });

  it("[C4] notices a new epoch on a living connection", async () => {
    const { sim, visitor, server } = setting();
    const { session } = visitor();
    session.start(null, "one");
    await sim.pass(seconds(5));
    server.restore(server.backup(), "epoch-2");
    server.sendHeads();
    await sim.pass(seconds(5));
    expect(session.welcome.value?.logEpoch).toBe("epoch-2");
    expect(texts(session)).toEqual(["one"]);
  });

  it("[C10] shows what was refused for good, and sends it again when asked to", async () => {
    const { sim, visitor, server } = setting();
    const { session } = visitor();
    session.start(null, "one");
    await sim.pass(seconds(5));
    const { handle } = server;
    server.handle = (peer, event, payload) =>
      event === "command"
        ? { ok: false, refusal: refusal("too_large", { path: "content.text" }) }
        : handle.call(server, peer, event, payload);
    session.say("two");
    await sim.pass(seconds(5));
    const failed = session.timeline.value.at(-1);
    expect(failed).toMatchObject({ text: "two", mark: "failed", failure: { code: "too_large" } });
    server.handle = handle;
    session.retry(failed?.key as string);
    await sim.pass(seconds(5));
    expect(marks(session)).toEqual(["sent", "sent"]);
    expect(session.timeline.value.at(-1)?.key).not.toBe(failed?.key);
  });

  it("[C10] fails what was said in a conversation that could not begin, and begins it on a retry", async () => {
    const { sim, visitor, server } = setting();
    const { session } = visitor();
    const { handle } = server;
    server.handle = (peer, event, payload) =>
      event === "command"
        ? { ok: false, refusal: refusal("forbidden") }
        : handle.call(server, peer, event, payload);
    session.start("Vera", "hello");
    await sim.pass(seconds(5));
    expect(marks(session)).toEqual(["failed"]);
    server.handle = handle;
    session.retry(session.timeline.value[0]?.key as string);
    await sim.pass(seconds(5));
    expect(marks(session)).toEqual(["sent"]);
    expect(session.conversation.value?.name).toBe("Vera");
  });

  it("[C10] does not send after a week what waited that long, but keeps it to be sent by hand", async () => {
    const { sim, visitor } = setting();
    const kept = browser();
    const before = visitor(kept);
    before.wire.refuseWith(refusal("unavailable"));
    before.session.start(null, "old news");
    await sim.pass(seconds(1));
    before.close();
    await sim.pass(days(8));
    const { session } = visitor(kept);
    await sim.pass(seconds(5));
    const [row] = session.timeline.value;
    expect(row).toMatchObject({ text: "old news", mark: "failed" });
    expect(row).not.toHaveProperty("failure");
    session.retry(row?.key as string);
    await sim.pass(seconds(5));
    expect(marks(session)).toEqual(["sent"]);
  });

  it("[C3] learns from heads what nobody told it", async () => {
    const { sim, visitor, server } = setting();
    const { session } = visitor();
    session.start(null, "hello");
    await sim.pass(seconds(5));
    server.silently(() => server.assignWaiting(["a1" as AgentId]));
    await sim.pass(seconds(5));
    expect(session.conversation.value?.status).toBe("queued");
    server.sendHeads();
    await sim.pass(seconds(2));
    expect(session.conversation.value?.status).toBe("assigned");
  });

  it("[C11] counts the agents' unread messages until they are read, and tells how far it read", async () => {
    const { sim, visitor, agent, server } = setting();
    const { session } = visitor();
    const { session: console } = agent();
    session.start(null, "hello");
    await sim.pass(seconds(2));
    server.assignWaiting(["a1" as AgentId]);
    await sim.pass(seconds(2));
    const thread = console.thread(idOf(session));
    await sim.pass(seconds(1));
    thread.say("hi");
    thread.say("how can I help?");
    await sim.pass(seconds(5));
    expect(session.unread.value).toBe(2);
    expect(thread.timeline.value.filter((row) => "mark" in row && row.mark === "read")).toEqual([]);
    session.read();
    expect(session.unread.value).toBe(0);
    await sim.pass(seconds(5));
    const own = thread.timeline.value.filter((row) => row.kind === "message" && row.mine);
    expect(own).toMatchObject([{ mark: "read" }, { mark: "read" }]);
  });

  it("[C11] tells receipts at most once a second", async () => {
    const { sim, visitor, server } = setting();
    const { session, wire } = visitor();
    session.start(null, "hello");
    await sim.pass(seconds(2));
    server.assignWaiting(["a1" as AgentId]);
    const say = (text: string) => {
      const { id: conversation, fence } = server.state(idOf(session)) ?? {};
      const id = sim.id() as CommandId;
      if (!conversation || fence === undefined) throw new Error("no conversation");
      const content = { type: "text", text } as const;
      server.command(
        { kind: "say", id, conversation, fence, content },
        { kind: "agent", id: "a1" as AgentId },
      );
    };
    for (let n = 0; n < 30; n++) {
      say(`message ${n}`);
      await sim.pass(100);
    }
    await sim.pass(seconds(3));
    const receipts = wire.sent.filter(({ event }) => event === "receipts");
    expect(receipts.length).toBeGreaterThan(1);
    expect(receipts.length).toBeLessThanOrEqual(5);
    const last = receipts.at(-1)?.payload as { delivered: number };
    expect(last.delivered).toBe(server.state(idOf(session))?.head.seq);
  });

  it("[C12] tells that it types, not too often, and that it stopped", async () => {
    const { sim, visitor } = setting();
    const { session, wire } = visitor();
    session.start(null, "hello");
    await sim.pass(seconds(2));
    for (let key = 0; key < 50; key++) {
      session.typing(true);
      await sim.pass(100);
    }
    await sim.pass(seconds(10));
    const typed = wire.sent.filter(({ event }) => event === "typing");
    expect(typed.map(({ payload }) => (payload as { on: boolean }).on)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("[C12] forgets that an agent types when no more is heard, and when the message came", async () => {
    const { sim, visitor, agent, server } = setting();
    const { session } = visitor();
    const { session: console } = agent();
    session.start(null, "hello");
    await sim.pass(seconds(2));
    server.assignWaiting(["a1" as AgentId]);
    await sim.pass(seconds(2));
    const thread = console.thread(idOf(session));
    thread.typing(true);
    await sim.pass(seconds(1));
    expect(session.agentTyping.value).toBe(true);
    thread.say("hi");
    await sim.pass(seconds(1));
    expect(session.agentTyping.value).toBe(false);
    thread.typing(true);
    await sim.pass(seconds(1));
    expect(session.agentTyping.value).toBe(true);
    await sim.pass(seconds(7));
    expect(session.agentTyping.value).toBe(false);
  });

  it("[C15] hands out the same object for a row that stayed the same", async () => {
    const { sim, visitor } = setting();
    const { session } = visitor();
    session.start(null, "one");
    await sim.pass(seconds(2));
    const before = session.timeline.value;
    let draws = 0;
    const stop = effect(() => {
      draws += session.timeline.value.length > 0 ? 1 : 0;
    });
    session.say("two");
    await sim.pass(seconds(2));
    const after = session.timeline.value;
    expect(after.length).toBe(before.length + 1);
    for (const [index, row] of before.entries()) expect(after[index]).toBe(row);
    expect(draws).toBeGreaterThan(1);
    stop();
  });

  it("[C16] shows in one tab what was begun in another", async () => {
    const { sim, visitor } = setting();
    const one = visitor();
    const two = visitor();
    await sim.pass(seconds(2));
    one.session.start("Vera", "hello");
    await sim.pass(seconds(2));
    expect(texts(two.session)).toEqual(["hello"]);
    two.session.say("from here");
    await sim.pass(seconds(2));
    expect(texts(one.session)).toEqual(["hello", "from here"]);
  });

  it("[C20] shows the place in the queue while waiting, and whether anybody is there", async () => {
    const { sim, visitor, server } = setting();
    const { session, wire } = visitor();
    session.start(null, "hello");
    await sim.pass(seconds(2));
    expect(session.staffed.value).toBe(true);
    wire.push("staffed", { staffed: false });
    expect(session.staffed.value).toBe(false);
    wire.push("position", { conversation: idOf(session), position: 3, staffed: true });
    expect(session.position.value).toBe(3);
    // What counts while waiting is the queue one waits in.
    expect(session.staffed.value).toBe(true);
    wire.push("position", { conversation: idOf(session), position: 3, staffed: false });
    expect(session.staffed.value).toBe(false);
    wire.push("staffed", { staffed: true });
    expect(session.staffed.value).toBe(false);
    server.assignWaiting(["a1" as AgentId]);
    await sim.pass(seconds(2));
    expect(session.position.value).toBeNull();
    expect(session.staffed.value).toBe(true);
  });
});
