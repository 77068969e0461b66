import { describe, expect, it } from "vitest";
import type { AgentSession, Thread } from "#shared/client/agentSession.ts";
import type { AgentId, CommandId, ConversationId, QueueId } from "#shared/model/ids.ts";
import { minutes, seconds } from "#shared/model/time.ts";
import type { AgentCommand, VisitorCommand } from "#shared/protocol/commands.ts";
import { refusal } from "#shared/protocol/refusals.ts";
import { browser } from "./support/browser.ts";
import { setting } from "./support/setting.ts";

const a1 = "a1" as AgentId;
const a2 = "a2" as AgentId;
const q2 = "q2" as QueueId;

/** A visitor's chat, assigned to the agent whose thread is open. */
async function chat(kept = browser()) {
  const place = setting();
  const { sim, server } = place;
  const visitor = place.visitor();
  const agent = place.agent("a1", kept);
  visitor.session.start("Vera", "hello");
  await sim.pass(seconds(2));
  server.assignWaiting([a1]);
  await sim.pass(seconds(2));
  const id = visitor.session.conversation.value?.id as ConversationId;
  const thread = agent.session.thread(id);
  await sim.pass(seconds(1));
  return { ...place, place, visitor, agent, id, thread, kept };
}

const rows = (thread: Thread) => thread.timeline.value.filter((row) => row.kind !== "system");
const listed = (session: AgentSession) =>
  session.mine.value.rows.map(({ conversation }) => conversation.id);
const sends = (sent: readonly { event: string; payload: unknown }[]) =>
  sent
    .filter(({ event }) => event === "command")
    .map(({ payload }) => payload as AgentCommand | VisitorCommand);

describe("An agent's session", () => {
  it("[C1] follows a conversation whole, notes included", async () => {
    const { sim, thread, visitor } = await chat();
    expect(thread.ready.value).toBe(true);
    thread.note("seems in a hurry");
    thread.say("hi");
    await sim.pass(seconds(2));
    expect(rows(thread).map((row) => [row.kind, "text" in row && row.text])).toEqual([
      ["message", "hello"],
      ["note", "seems in a hurry"],
      ["message", "hi"],
    ]);
    const shown = JSON.stringify(visitor.session.timeline.value);
    expect(shown).not.toContain("hurry");
    expect(thread.conversation.value).toMatchObject({ status: "assigned", agent: a1 });
  });

  it("[C17] follows what the agent holds without being asked, so that it counts as delivered", async () => {
    const { sim, visitor, agent, server } = await chat();
    visitor.session.end();
    await sim.pass(seconds(2));
    visitor.session.startNew();
    visitor.session.start(null, "again");
    await sim.pass(seconds(2));
    server.assignWaiting([a1]);
    await sim.pass(seconds(4));
    expect(listed(agent.session)).toEqual([visitor.session.conversation.value?.id]);
    expect(visitor.session.timeline.value.find(({ kind }) => kind === "message")).toMatchObject({
      mark: "delivered",
    });
  });

  it("[C11][C12] tells receipts and typing only of conversations the agent holds", async () => {
    const { sim, id, place } = await chat();
    const other = place.agent("a2");
    await sim.pass(seconds(2));
    const watching = other.session.thread(id);
    await sim.pass(seconds(2));
    watching.read();
    watching.typing(true);
    await sim.pass(seconds(3));
    const told = other.wire.sent.filter(({ event }) => ["receipts", "typing"].includes(event));
    expect(told).toEqual([]);
  });

  it("[C10] sends with the fence of the moment, and repeats with the one it began with", async () => {
    const { sim, thread, agent, server, faults, id } = await chat();
    const fence = server.state(id)?.fence;
    faults.drop = 1;
    thread.say("hi");
    await sim.pass(seconds(1));
    faults.drop = 0;
    // The chat moves on and comes back while the answer is awaited: owner and queue are another story now.
    server.requeueAssigned(id);
    server.assignWaiting([a1]);
    await sim.pass(minutes(1));
    expect(new Set(sends(agent.wire.sent).map(({ id }) => id)).size).toBe(1);
    for (const command of sends(agent.wire.sent)) expect(command).toMatchObject({ fence });
    const failed = rows(thread).at(-1);
    expect(failed).toMatchObject({ text: "hi", mark: "failed", failure: { code: "fenced" } });
    thread.retry(failed?.key as string);
    await sim.pass(seconds(3));
    expect(rows(thread).at(-1)).toMatchObject({ text: "hi", mark: "delivered" });
  });

  it("[C10] forgets a failed row when told to", async () => {
    const { sim, thread, server, id, kept } = await chat();
    const first = server.state(id)?.fence ?? 0;
    server.silently(() => server.requeueAssigned(id));
    thread.say("too late");
    await sim.pass(seconds(3));
    expect(server.state(id)?.fence).toBeGreaterThan(first);
    const failed = rows(thread).at(-1);
    expect(failed).toMatchObject({ mark: "failed" });
    thread.discard(failed?.key as string);
    await sim.pass(seconds(1));
    expect(rows(thread).map((row) => "text" in row && row.text)).toEqual(["hello"]);
    expect(kept.all().filter(({ state }) => state.is === "failed")).toEqual([]);
  });

  it("[C7] sends after a reload what was not sent before, with the fence of then", async () => {
    const { sim, thread, agent, server, id, kept, place } = await chat();
    agent.wire.refuseWith(refusal("unavailable"));
    agent.wire.cut();
    thread.say("one");
    thread.note("two");
    await sim.pass(seconds(3));
    agent.close();
    server.requeueAssigned(id);
    server.assignWaiting([a1]);
    const { session, wire } = place.agent("a1", kept);
    await sim.pass(seconds(5));
    const fence = server.state(id)?.fence;
    expect(sends(wire.sent)).toMatchObject([
      { kind: "say", fence },
      { kind: "note", text: "two" },
    ]);
    const again = session.thread(id);
    await sim.pass(seconds(2));
    expect(rows(again).slice(-2)).toMatchObject([{ text: "one" }, { text: "two", mark: "sent" }]);
  });

  it("[C5] transfers and closes after what was said before", async () => {
    const { sim, thread, server, id } = await chat();
    thread.say("one moment");
    const answer = thread.transfer(q2, "knows shoes");
    await sim.pass(seconds(3));
    expect(await answer).toMatchObject({ ok: true });
    expect(server.state(id)).toMatchObject({ status: "queued", queue: q2 });
    expect(server.seen(id, "agent").map(({ kind }) => kind)).toEqual([
      "started",
      "queued",
      "message",
      "assigned",
      "message",
      "note",
      "queued",
    ]);
    expect(rows(thread).at(-1)).toMatchObject({ kind: "note", about: "transfer" });
    const closing = thread.close();
    await sim.pass(seconds(3));
    expect(await closing).toMatchObject({ ok: false, refusal: { code: "forbidden" } });
  });

  it("[C5] refuses to transfer or close while offline, so that nothing happens unseen later", async () => {
    const { sim, thread, agent, server, id } = await chat();
    agent.wire.refuseWith(refusal("unavailable"));
    agent.wire.cut();
    const closing = thread.close();
    const going = agent.session.setStatus("away");
    await sim.pass(seconds(6));
    const refused = { ok: false, refusal: refusal("unavailable") };
    expect(await Promise.all([closing, going])).toEqual([refused, refused]);
    agent.wire.refuseWith(null);
    await sim.pass(minutes(1));
    expect(server.state(id)?.status).toBe("assigned");
  });

  it("[C5] waits for a connection that only blinks before it transfers, closes or goes away", async () => {
    const { sim, thread, agent, server, id } = await chat();
    agent.wire.cut();
    const closing = thread.close();
    const going = agent.session.setStatus("away");
    await sim.pass(seconds(6));
    expect(await Promise.all([closing, going])).toMatchObject([{ ok: true }, { ok: true }]);
    expect(server.state(id)?.status).toBe("closed");
  });

  it("[C6] closes once even when the answer is lost", async () => {
    const { sim, thread, server, id, faults } = await chat();
    const { handle } = server;
    let taken = 0;
    server.handle = (peer, event, payload) => {
      const answer = handle.call(server, peer, event, payload);
      if (event === "command" && ++taken === 1) return { ok: false, refusal: refusal("retry") };
      return answer;
    };
    const closing = thread.close();
    await sim.pass(seconds(20));
    expect(await closing).toMatchObject({ ok: true, repeat: true });
    expect(server.seen(id, "agent").filter(({ kind }) => kind === "closed")).toHaveLength(1);
    expect(faults.drop).toBe(0);
  });

  it("[C13] keeps its lists in step by patches and asks again after a gap", async () => {
    const { sim, agent, server, place } = await chat();
    for (let n = 0; n < 5; n++) place.visitor(browser(), `w${n}`).session.start(null, `chat ${n}`);
    await sim.pass(seconds(3));
    const who = { side: "agent", agent: a1 } as const;
    const { session, wire } = agent;
    expect(session.waiting.value.rows).toEqual(server.listed("waiting", who));
    const asked = () => wire.sent.filter(({ event }) => event === "list").length;
    const before = asked();

    place.faults.drop = 1;
    server.assignWaiting([a2]);
    place.faults.drop = 0;
    await sim.pass(seconds(1));
    expect(session.waiting.value.rows).toHaveLength(5);
    place.visitor(browser(), "w6").session.start(null, "one more");
    await sim.pass(seconds(2));
    expect(asked()).toBeGreaterThan(before);
    expect(session.waiting.value.rows).toEqual(server.listed("waiting", who));
    expect(session.mine.value.rows).toEqual(server.listed("mine", who));
    expect(session.mine.value.total).toBe(session.mine.value.rows.length);
  });

  it("[C13] keeps who waits in the server's order, whatever the age", async () => {
    const { sim, agent, server, place } = await chat();
    const late = place.visitor(browser(), "w1");
    place.visitor(browser(), "w0").session.start(null, "first");
    await sim.pass(seconds(2));
    late.session.start(null, "urgent");
    await sim.pass(seconds(2));
    server.urgent.add(late.session.conversation.value?.id as ConversationId);
    place.visitor(browser(), "w2").session.start(null, "last");
    await sim.pass(seconds(2));
    const { rows } = agent.session.waiting.value;
    expect(rows).toHaveLength(3);
    expect(rows[0]?.conversation.id).toBe(late.session.conversation.value?.id);
    expect(rows).toEqual(server.listed("waiting", { side: "agent", agent: a1 }));
  });

  it("[C22] follows closed chats and those on hold from when they are wanted, also after a reconnect", async () => {
    const { sim, agent, server, place, thread } = await chat();
    const who = { side: "agent", agent: a1 } as const;
    const { session, wire } = agent;
    const asked = (list: string) =>
      wire.sent.filter(({ event, payload }) => {
        return event === "list" && (payload as { list: string }).list === list;
      }).length;
    expect([asked("closed"), asked("parked")]).toEqual([0, 0]);
    session.follow("closed");
    session.follow("closed");
    session.follow("parked");
    await sim.pass(seconds(1));
    expect([asked("closed"), asked("parked")]).toEqual([1, 1]);
    expect(session.closed.value).toEqual({ rows: [], total: 0, ready: true });

    void thread.close();
    await sim.pass(seconds(2));
    expect(session.closed.value.rows).toHaveLength(1);
    server.staffed = false;
    place.visitor(browser(), "w1").session.start(null, "anybody?");
    await sim.pass(seconds(2));
    expect(session.parked.value.rows).toHaveLength(1);
    agent.wire.cut();
    await sim.pass(minutes(1));
    expect([asked("closed"), asked("parked")]).toEqual([2, 2]);
    expect(session.closed.value.rows).toEqual(server.listed("closed", who));
    expect(session.parked.value.rows).toEqual(server.listed("parked", who));
  });

  it("[C23] knows how many are online in each queue", async () => {
    const { agent } = await chat();
    const { session, wire } = agent;
    expect([...session.online.value]).toEqual([
      ["q1", 1],
      ["q2", 1],
    ]);
    wire.push("present", { queues: [{ id: q2, online: 0 }] });
    expect([...session.online.value]).toEqual([
      ["q1", 1],
      ["q2", 0],
    ]);
  });

  it("[C13] asks for its lists again after a reconnect", async () => {
    const { sim, agent, server, id } = await chat();
    agent.wire.cut();
    server.requeueAssigned(id);
    await sim.pass(seconds(5));
    expect(listed(agent.session)).toEqual([]);
    expect(agent.session.waiting.value.rows).toHaveLength(1);
  });

  it("[C17] keeps following a conversation until the last thread on it is left", async () => {
    const { sim, id, agent, thread, visitor, server } = await chat();
    const second = agent.session.thread(id);
    thread.leave();
    visitor.session.say("still there?");
    await sim.pass(seconds(2));
    expect(rows(second)).toHaveLength(2);
    second.leave();
    // Still held by the agent's own list; then by nobody.
    expect(agent.wire.sent.filter(({ event }) => event === "leave")).toEqual([]);
    server.requeueAssigned(id);
    await sim.pass(seconds(2));
    expect(agent.wire.sent.filter(({ event }) => event === "leave")).toHaveLength(1);
  });

  it("[C18] tells its own status, and follows what the server says of it", async () => {
    const { sim, agent } = await chat();
    const answer = agent.session.setStatus("away");
    await sim.pass(seconds(1));
    expect(await answer).toMatchObject({ ok: true });
    expect(sends(agent.wire.sent).at(-1)).toMatchObject({ kind: "presence", status: "away" });
    agent.wire.push("me", { ...agent.session.me.value, status: "away" });
  });

  it("[C19] sends nothing in the name of somebody else who signed in meanwhile", async () => {
    const { sim, agent, thread, server } = await chat();
    agent.wire.refuseWith(refusal("unavailable"));
    agent.wire.cut();
    thread.say("from a1");
    await sim.pass(seconds(1));
    const before = sends(agent.wire.sent).length;
    const { handle } = server;
    server.handle = (peer, event, payload) => {
      const answer = handle.call(server, peer, event, payload);
      const me = { ...agent.session.me.value, id: a2 };
      return event === "hello" ? { ...answer, me } : answer;
    };
    agent.wire.refuseWith(null);
    await sim.pass(minutes(1));
    expect(agent.session.connection.value).toBe("refused");
    expect(agent.session.refusal.value).toMatchObject({ code: "unauthenticated" });
    expect(sends(agent.wire.sent)).toHaveLength(before);
  });

  it("[C10] says so when the conversation isn't there", async () => {
    const { sim, agent } = await chat();
    const thread = agent.session.thread("nowhere" as ConversationId);
    thread.say("hello?");
    await sim.pass(seconds(3));
    expect(rows(thread)).toMatchObject([{ mark: "failed", failure: { code: "not_found" } }]);
    expect(thread.ready.value).toBe(false);
  });

  it("[C6] numbers every command anew", async () => {
    const { sim, agent, thread } = await chat();
    thread.say("one");
    thread.say("two");
    await sim.pass(seconds(3));
    const ids = sends(agent.wire.sent).map(({ id }): CommandId => id);
    expect(new Set(ids).size).toBe(2);
  });
});
