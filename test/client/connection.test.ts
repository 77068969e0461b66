import { describe, expect, it } from "vitest";
import { minutes, seconds } from "#shared/model/time.ts";
import { refusal } from "#shared/protocol/refusals.ts";
import { setting } from "./support/setting.ts";

describe("The connection", () => {
  it("[C14] says what state it is in", async () => {
    const { sim, visitor, faults } = setting();
    faults.delay = 0;
    const { session, wire, world } = visitor();
    expect(session.connection.value).toBe("connecting");
    await sim.pass(seconds(1));
    expect(session.connection.value).toBe("online");
    wire.refuseWith(refusal("unavailable"));
    wire.cut();
    expect(session.connection.value).toBe("reconnecting");
    world.setOnline(false);
    expect(session.connection.value).toBe("offline");
    wire.refuseWith(null);
    world.setOnline(true);
    await sim.pass(1);
    expect(session.connection.value).toBe("online");
  });

  it("[C14] tries again after 1, 2, 4 … 30 s with full jitter", async () => {
    const { sim, visitor, faults } = setting(7);
    faults.delay = 0;
    const { wire, world } = visitor();
    world.setVisible(false);
    wire.refuseWith(refusal("unavailable"));
    await sim.pass(minutes(30));
    // 30 s at most, 15 s on average once the waiting has grown.
    expect(wire.connects()).toBeGreaterThan(80);
    expect(wire.connects()).toBeLessThan(200);
    const early = setting(7);
    early.faults.delay = 0;
    const client = early.visitor();
    client.wire.refuseWith(refusal("unavailable"));
    await early.sim.pass(seconds(7));
    expect(client.wire.connects()).toBeGreaterThanOrEqual(4);
  });

  it("[C14] waits ten seconds at most where somebody may be watching", async () => {
    const { sim, visitor, faults } = setting(7);
    faults.delay = 0;
    const { wire } = visitor();
    wire.refuseWith(refusal("unavailable"));
    await sim.pass(minutes(30));
    expect(wire.connects()).toBeGreaterThan(300);
    expect(wire.connects()).toBeLessThan(450);
    for (let round = 0; round < 50; round++) {
      const before = wire.connects();
      await sim.pass(seconds(10));
      expect(wire.connects()).toBeGreaterThan(before);
    }
  });

  it("[C14] tries at once when it is seen again, when something is sent and when asked", async () => {
    const { sim, visitor, faults } = setting(5);
    faults.delay = 0;
    const { session, wire, world } = visitor();
    const tries = async (act: () => void) => {
      wire.refuseWith(refusal("unavailable"));
      if (session.connection.value === "online") wire.cut();
      world.setVisible(false);
      await sim.pass(minutes(10));
      const before = wire.connects();
      wire.refuseWith(null);
      act();
      await sim.pass(1);
      expect(wire.connects()).toBe(before + 1);
      expect(session.connection.value).toBe("online");
    };
    await sim.pass(1);
    await tries(() => world.setVisible(true));
    await tries(() => session.say("Hello"));
    await tries(() => session.reconnect());
  });

  it("[C14] comes to a server that asked for time no earlier because something is sent", async () => {
    const { sim, visitor, faults } = setting();
    faults.delay = 0;
    const { session, wire } = visitor();
    await sim.pass(seconds(30));
    wire.push("draining", { retryAfterMs: seconds(8) });
    wire.cut();
    await sim.pass(1);
    const before = wire.connects();
    session.say("Hello");
    await sim.pass(seconds(7));
    expect(wire.connects()).toBe(before);
    await sim.pass(seconds(2));
    expect(session.connection.value).toBe("online");
  });

  it("[C14] doesn't begin anew while an attempt may still succeed", async () => {
    const { sim, visitor, faults } = setting();
    faults.delay = seconds(4);
    const { session, wire } = visitor();
    await sim.pass(seconds(1));
    session.say("Hello");
    session.reconnect();
    await sim.pass(seconds(12));
    expect(wire.connects()).toBe(1);
    expect(session.connection.value).toBe("online");
  });

  it("[C14] spreads out a crowd that was thrown out together", async () => {
    const { sim, visitor, faults } = setting(3);
    faults.delay = 0;
    const crowd = Array.from({ length: 200 }, () => visitor());
    await sim.pass(minutes(1));
    for (const { wire } of crowd) wire.cut();
    await sim.pass(500);
    const back = crowd.filter(({ session }) => session.connection.value === "online").length;
    expect(back).toBeGreaterThan(60);
    expect(back).toBeLessThan(140);
  });

  it("[C14] does not hammer a server that throws it out at once", async () => {
    const { sim, visitor, server, faults } = setting();
    faults.delay = 0;
    const { wire } = visitor();
    const { connect } = server;
    server.connect = (peer) => {
      connect.call(server, peer);
      sim.after(10, () => wire.cut());
    };
    await sim.pass(minutes(10));
    expect(wire.connects()).toBeLessThan(160);
  });

  it("[C14] comes back when a draining server said so, not earlier", async () => {
    const { sim, visitor, faults } = setting();
    faults.delay = 0;
    const { session, wire } = visitor();
    await sim.pass(seconds(30));
    wire.push("draining", { retryAfterMs: seconds(8) });
    await sim.pass(seconds(2));
    wire.cut();
    await sim.pass(seconds(5));
    expect(wire.connects()).toBe(1);
    await sim.pass(seconds(2));
    expect(session.connection.value).toBe("online");
    expect(wire.connects()).toBe(2);
  });

  it("[C14] takes the time a server asks for as the least, and comes spread out beyond it", async () => {
    const { sim, visitor, faults } = setting(3);
    faults.delay = 0;
    const crowd = Array.from({ length: 50 }, () => visitor());
    for (const { wire } of crowd) {
      wire.refuseWith(refusal("rate", { retryAfterMs: 500 }));
    }
    await sim.pass(minutes(2));
    const before = crowd.map(({ wire }) => wire.connects());
    for (const count of before) {
      // Not each half second: ten at most in between, five on average.
      expect(count).toBeLessThan(60);
      expect(count).toBeGreaterThan(10);
    }
    await sim.pass(500);
    const again = crowd.filter(({ wire }, index) => wire.connects() > (before[index] ?? 0));
    expect(again.length).toBeLessThan(20);
  });

  it("[C14] leaves a draining server by itself, and at no loss", async () => {
    const { sim, visitor } = setting();
    const { session, wire } = visitor();
    session.start(null, "one");
    await sim.pass(seconds(30));
    wire.push("draining", { retryAfterMs: seconds(1) });
    session.say("two");
    await sim.pass(seconds(5));
    expect(wire.connects()).toBe(2);
    expect(session.timeline.value.filter(({ kind }) => kind === "message")).toHaveLength(2);
  });

  it("[C14] gives up when it is refused for good, and says why", async () => {
    const { sim, visitor } = setting();
    const { session, wire } = visitor();
    wire.refuseWith(refusal("unauthenticated", { path: "ticket" }));
    await sim.pass(minutes(5));
    expect(session.connection.value).toBe("refused");
    expect(session.refusal.value).toEqual(refusal("unauthenticated", { path: "ticket" }));
    expect(wire.connects()).toBe(1);
  });

  it("[C14] gives up when hello is refused for good", async () => {
    const { sim, visitor, server } = setting();
    server.handle = () => ({ ok: false, refusal: refusal("protocol") });
    const { session, wire } = visitor();
    await sim.pass(minutes(5));
    expect(session.connection.value).toBe("refused");
    expect(wire.connects()).toBe(1);
    expect(wire.isOpen()).toBe(false);
  });

  it("[C14] notices at once after sleep that the line is dead", async () => {
    const { sim, visitor, faults } = setting();
    faults.delay = 0;
    const { session, wire, world } = visitor();
    await sim.pass(minutes(5));
    faults.drop = 1;
    world.wake();
    await sim.pass(seconds(5));
    faults.drop = 0;
    await sim.pass(seconds(2));
    expect(wire.connects()).toBe(2);
    expect(session.connection.value).toBe("online");
  });

  it("[C14] stays connected after sleep when the line is alive", async () => {
    const { sim, visitor } = setting();
    const { session, wire, world } = visitor();
    await sim.pass(minutes(5));
    world.wake();
    await sim.pass(seconds(10));
    expect(wire.connects()).toBe(1);
    expect(session.connection.value).toBe("online");
  });

  it("[C14] does nothing more once disposed", async () => {
    const { sim, visitor } = setting();
    const { session, wire, world } = visitor();
    session.start(null, "hello");
    await sim.pass(seconds(2));
    session.dispose();
    const sent = wire.sent.length;
    world.wake();
    session.say("unheard");
    await sim.pass(minutes(5));
    expect(wire.connects()).toBe(1);
    expect(wire.sent.length).toBe(sent);
  });
});
