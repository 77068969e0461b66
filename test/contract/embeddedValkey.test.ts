import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, connect as dial } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { createClient, type RedisClientType } from "redis";
import { afterEach, describe, expect, it } from "vitest";
import { openValkey, type ValkeyOptions } from "#server/embedded/valkey/valkey.ts";
import { redisDesk } from "#server/redis/desk.ts";

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function valkey(options: Partial<ValkeyOptions> = {}) {
  const exits: Error[] = [];
  const running = await openValkey({
    onExit: (error) => exits.push(error),
    onWarning: () => undefined,
    ...options,
  });
  opened.push(() => running.close());
  return { ...running, exits };
}

async function connect(url: string): Promise<RedisClientType> {
  const client: RedisClientType = createClient({ url });
  client.on("error", () => undefined);
  opened.push(() => client.destroy());
  await client.connect();
  return client;
}

describe("the embedded Valkey", () => {
  it("[E1] answers at once, not at the next tick of a timer", async () => {
    const client = await connect((await valkey()).url);
    const began = performance.now();
    for (let i = 0; i < 100; i++) await client.set("key", String(i));
    // As published each took 100 ms; here about 0.1 ms.
    expect((performance.now() - began) / 100).toBeLessThan(10);
  });

  it("[E2] listens on the loopback only, wants its password, and drops nothing when full", async () => {
    const { url } = await valkey({ maxMemoryBytes: 8 * 1024 * 1024 });
    expect(url).toMatch(/^redis:\/\/:[\w-]{32}@127\.0\.0\.1:\d+$/);
    const anyone = createClient({
      url: url.replace(/:[\w-]+@/, ""),
      RESP: 2,
      disableClientInfo: true,
      socket: { reconnectStrategy: false },
    });
    anyone.on("error", () => undefined);
    opened.push(() => anyone.destroy());
    await anyone.connect();
    await expect(anyone.get("key")).rejects.toThrow(/NOAUTH/);

    const client = await connect(url);
    const fill = async () => {
      for (let i = 0; ; i++) await client.set(`key-${i}`, "x".repeat(100_000));
    };
    await expect(fill()).rejects.toThrow(/OOM/);
    expect(await client.get("key-0")).toHaveLength(100_000);
  });

  it("[E3] gives two of them different ports, passwords and contents", async () => {
    const [one, two] = await Promise.all([valkey(), valkey()]);
    expect(one.url).not.toBe(two.url);
    const [first, second] = [await connect(one.url), await connect(two.url)];
    await first.set("key", "one");
    expect(await second.get("key")).toBeNull();
  });

  it("[E4] starts again under the same address when it dies, empty, and says so", async () => {
    const { url, exits } = await valkey();
    const desk = await redisDesk(url, { onError: () => undefined });
    opened.push(() => desk.close());
    const client = await connect(url);
    await client.set("key", "before");
    for (let deaths = 1; deaths <= 2; deaths++) {
      const back = new Promise<unknown>((resolve) => desk.onReturn(resolve));
      await client.sendCommand(["SHUTDOWN", "NOSAVE"]).catch(() => undefined);
      await back;
      expect(exits).toHaveLength(deaths);
      expect(exits[deaths - 1]?.message).toMatch(/^the embedded Valkey ended .*ready to exit/s);
      expect(await client.get("key")).toBeNull();
    }
  });

  it("[E5] leaves its port when it is closed", async () => {
    const running = await valkey();
    await running.close();
    const port = Number(new URL(running.url).port);
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    server.close();
    expect(running.exits).toEqual([]);
  });

  it("[E6] carries big replies to slow readers whole", async () => {
    const client = await connect((await valkey()).url);
    const big = "0123456789".repeat(400_000);
    await client.set("big", big);
    const replies = await Promise.all(Array.from({ length: 8 }, () => client.get("big")));
    expect(replies.every((reply) => reply === big)).toBe(true);
  });

  it("[E7] keeps for a subscriber what it has not read yet, and then gives it all of it", async () => {
    const { url } = await valkey();
    const publisher = await connect(url);
    const { port, password } = new URL(url);
    const slow = dial(Number(port), "127.0.0.1");
    opened.push(() => slow.destroy());
    slow.write(`AUTH ${password}\r\nSSUBSCRIBE channel\r\n`);
    const subscribers = async () =>
      Number(Object.values(await publisher.pubSubShardNumSub(["channel"]))[0]);
    while ((await subscribers()) < 1) await delay(5);
    const message = "x".repeat(1_000_000);
    for (let i = 0; i < 20; i++) await publisher.sPublish("channel", message);
    await publisher.sPublish("channel", "the last one");
    let read = 0;
    await new Promise<void>((resolve, reject) => {
      slow.once("close", () => reject(new Error(`closed after ${read} bytes`)));
      slow.on("data", (bytes: Buffer) => {
        read += bytes.length;
        if (bytes.toString().endsWith("the last one\r\n")) resolve();
      });
    });
    expect(read).toBeGreaterThan(20 * message.length);
  });

  it("[E8] prints nothing: neither Valkey's log nor Node's word on WASI, but other warnings", async () => {
    const script = `
      import { openValkey } from "#server/embedded/valkey/valkey.ts";
      const valkey = await openValkey({ onExit: (error) => { throw error } });
      await valkey.close();
      process.emitWarning("something else");
    `;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(out).toBe("");
    expect(err).toMatch(/^\(node:\d+\) Warning: something else\n\(Use `\S+ --trace-warnings.*\n$/);
  });
});
