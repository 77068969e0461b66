import { connect as tcp } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { frameLimit } from "#server/transport/sockets.ts";
import {
  type Client,
  eventually,
  newToken,
  startChat,
  ticketFor,
  visitorClient,
} from "../support/clients.ts";
import { type Bystanders, bystanders } from "./support/bystanders.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";
import { type RawSocket, rawIn, rawSocket, socketPath } from "./support/rawSocket.ts";

const canary = "canary-51d0";

let server: MemoryServer;
let others: Bystanders;
let visitor: Client & { token: string };

beforeAll(async () => {
  server = await memoryServer({ SOCKETS_PER_ADDRESS: "1000" });
  others = await bystanders(server);
  visitor = await visitorClient(server);
  await startChat(visitor);
});
afterAll(async () => {
  visitor.close();
  others.close();
  await server.close();
});

const inside = () =>
  rawIn(server, "/visitor", { auth: { site: "demo-shop", token: visitor.token } });

/** The connection is closed over this frame, and nobody else notices. */
async function closesOver(raw: RawSocket, ...frames: (string | Uint8Array<ArrayBuffer>)[]) {
  for (const frame of frames) raw.send(frame);
  expect(await raw.closed).toBeGreaterThanOrEqual(1_000);
}

describe("frames no client of ours would send", () => {
  it("[B7] a frame above 64 KB closes its connection and no other", async () => {
    for (const size of [frameLimit + 1, 1_000_000]) {
      const raw = await inside();
      await closesOver(raw, `42/visitor,1["say","${canary.repeat(size / canary.length)}"]`);
      const bare = await rawSocket(server);
      await closesOver(bare, "4".repeat(size + 1));
      const binary = await inside();
      await closesOver(binary, new Uint8Array(size + 1));
    }
    await others.stillTalk();
  });

  it("[B7] a frame of exactly 64 KB is read", async () => {
    const raw = await inside();
    const start = '42/visitor,9["command",{"kind":"';
    raw.send(`${start}${"x".repeat(frameLimit - start.length - 3)}"}]`);
    expect(await raw.frame("43/visitor,9")).toContain('"invalid"');
    raw.close();
  });

  const crafted: [string, string[]][] = [
    ["an event that announces 51 million attachments", [`451000000-/visitor,["${canary}"]`]],
    ["an acknowledgement that announces as many", [`461000000-/visitor,1["${canary}"]`]],
    [
      "an attachment that never comes, then another event",
      [`451-/visitor,["command",{"_placeholder":true,"num":0}]`, `42/visitor,1["join",{}]`],
    ],
    ["an unbalanced payload", [`42/visitor,1["join",{"${canary}":`]],
    ["no JSON at all", [`42/visitor,1${canary}`]],
    ["an object where the event list belongs", [`42/visitor,1{"0":"join"}`]],
    ["an empty event list", ["42/visitor,1[]"]],
    ["a nameless event", ["42/visitor,1[null,{}]"]],
    ["a reserved event", ['42/visitor,1["disconnect"]']],
    ["another reserved event", ['42/visitor,1["newListener",{}]']],
    ["an unknown packet type", ["49/visitor,[]"]],
    ["a second CONNECT", ["40/visitor,{}"]],
    ["a CONNECT_ERROR from a client", ['44/visitor,{"message":"x"}']],
    ["a namespace it isn't in", ['42/agent,1["hello",{}]']],
    ["an unknown engine packet", ["9"]],
    ["nothing", [""]],
  ];
  it.each(crafted)("[B8] %s closes the connection", async (_what, frames) => {
    await closesOver(await inside(), ...frames);
    await others.stillTalk();
  });

  const harmless: [string, string[]][] = [
    ["an acknowledgement nobody asked for", ["43/visitor,999[]", "43/visitor,1[{}]"]],
    ["a pong nobody asked for", ["3", "3probe"]],
    ["an upgrade of the transport", ["5", "51000000-[]"]],
    ["engine packets only servers send", ["0{}", "1", "6"]],
  ];
  it.each(harmless)("[B8] %s hurts nobody", async (_what, frames) => {
    const raw = await inside();
    for (const frame of frames) raw.send(frame);
    await others.stillTalk();
    raw.close();
  });

  it("[B8] a binary event without attachments and a placeholder without bytes are refused or closed", async () => {
    for (const frame of [
      `450-/visitor,1["command",{}]`,
      `460-/visitor,1[{}]`,
      `42/visitor,1["command",{"_placeholder":true,"num":0}]`,
      `450-/visitor,1["command",{"_placeholder":true,"num":-1}]`,
    ]) {
      const raw = await inside();
      raw.send(frame);
      const outcome = await Promise.race([
        raw.closed.then(() => "closed"),
        raw.frame("43/visitor,1").catch(() => "closed"),
      ]);
      if (outcome !== "closed") expect(outcome).toContain('"invalid"');
      raw.close();
    }
    await others.stillTalk();
  });

  it("[B8] bytes in place of a payload are refused as invalid", async () => {
    const raw = await inside();
    raw.send(`451-/visitor,5["command",{"_placeholder":true,"num":0}]`);
    raw.send(new TextEncoder().encode(canary));
    expect(await raw.frame("43/visitor,5")).toContain('"code":"invalid"');
    raw.close();
    const bytes = await visitor.ask("join", { conversation: Buffer.from(canary) });
    expect(bytes).toMatchObject({ ok: false, refusal: { code: "invalid", path: "conversation" } });
  });

  it("[B8] JSON nested ten thousand deep is refused and blocks nobody", async () => {
    const arrays = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    const objects = `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`;
    for (const deep of [arrays, objects]) {
      const raw = await inside();
      const began = performance.now();
      raw.send(`42/visitor,1["command",${deep}]`);
      expect(await raw.frame("43/visitor,1")).toContain('"invalid"');
      raw.send(`42/visitor,2["command",{"kind":"say","content":${deep.slice(0, 30_000)}`);
      await raw.closed;
      expect(performance.now() - began).toBeLessThan(1_000);
      // The same as the credentials of a handshake, and as a binary event, which is walked through.
      const early = await rawSocket(server);
      early.send(`40/visitor,{"site":"demo-shop","token":${deep}}`);
      expect(await early.frame("44/visitor,")).toContain('"unauthenticated"');
      early.close();
      const binary = await inside();
      binary.send(`451-/visitor,3["command",${deep},{"_placeholder":true,"num":0}]`);
      binary.send(new Uint8Array(1));
      await Promise.race([binary.closed, binary.frame("43/visitor,3")]);
      binary.close();
    }
    await others.stillTalk();
  });

  it("[B8] credentials that aren't an object close the connection", async () => {
    for (const auth of ["null", "[]", '"x"', "{"]) {
      const raw = await rawSocket(server);
      await closesOver(raw, `40/visitor,${auth}`);
    }
    await others.stillTalk();
  });

  it("[B9] a burst of CONNECTs makes one socket at most and ends the connection", async () => {
    const before = await server.ledger.conversation(server.workspace, others.conversation);
    const auth = JSON.stringify({
      site: "demo-shop",
      token: newToken(),
      ticket: await ticketFor(server),
    });
    const raw = await rawSocket(server);
    for (let i = 0; i < 200; i++) raw.send(`40/visitor,${auth}`);
    await raw.closed;
    expect(raw.frames.filter((frame) => frame.startsWith("40/visitor,")).length).toBeLessThan(2);
    expect(before).not.toBeNull();
    await others.stillTalk();
  });

  it("[B8] bytes that are no WebSocket frames end the connection", async () => {
    const junk = [
      Buffer.alloc(1_000, 0xff),
      // Unmasked, a control frame of 126 bytes, a reserved opcode, a length of 2^63.
      Buffer.from([0x81, 0x05, 1, 2, 3, 4, 5]),
      Buffer.from([0x89, 0xfe, 0x00, 0x7e, 0, 0, 0, 0]),
      Buffer.from([0x83, 0x80, 0, 0, 0, 0]),
      Buffer.from([0x81, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0]),
    ];
    for (const bytes of junk) {
      const socket = await upgraded();
      socket.write(bytes);
      await new Promise((resolve) => {
        socket.on("error", resolve);
        socket.on("close", resolve);
      });
    }
    await others.stillTalk();
  });

  it("[B8] a message in endless small fragments ends the connection", {
    timeout: 15_000,
  }, async () => {
    const socket = await upgraded();
    const masked = (opcode: number) => Buffer.from([opcode, 0x81, 0, 0, 0, 0, 0x34]);
    const closed = new Promise((resolve) => {
      socket.on("error", resolve);
      socket.on("close", resolve);
    });
    socket.write(masked(0x01));
    const many = Buffer.concat(Array.from({ length: 70_000 }, () => masked(0x00)));
    socket.write(many);
    await closed;
    await others.stillTalk();
  });

  it("[B6] every connection cut off leaves a line, and none says what was sent", async () => {
    const log = server.log.join("\n");
    await eventually(() => log.includes('"why":"parse error"'));
    expect(log).not.toContain(canary);
    expect(log).not.toContain(visitor.token);
  });
});

/** A TCP connection after a right handshake: from here on the bytes are ours. */
async function upgraded() {
  const socket = tcp(server.config.port, "127.0.0.1");
  socket.write(
    [
      `GET ${socketPath} HTTP/1.1`,
      "Host: 127.0.0.1",
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString("base64")}`,
      "\r\n",
    ].join("\r\n"),
  );
  await new Promise((resolve) => socket.once("data", resolve));
  socket.on("error", () => undefined);
  socket.resume();
  return socket;
}
