import { setTimeout as delay } from "node:timers/promises";
import { createClient, type RedisClientType } from "redis";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { type Desk, DeskUnavailable, type Place, type Return } from "#server/ports.ts";
import { type RedisDeskOptions, redisDesk } from "#server/redis/desk.ts";
import type { AgentId, ConversationId, QueueId, WorkspaceId } from "#shared/model/ids.ts";
import { type RedisServer, startRedis } from "../support/redis.ts";

const w = "workspace" as WorkspaceId;
const c1 = "conversation" as ConversationId;
const agent = "agent" as AgentId;
const queued: Place = {
  at: "queue",
  queue: "queue" as QueueId,
  score: 1,
  queuedAt: 1,
  units: 100,
};

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function server(...settings: string[]): Promise<RedisServer> {
  const started = await startRedis(...settings);
  opened.push(() => started.stop());
  return started;
}

async function deskOn(url: string, options: Partial<RedisDeskOptions> = {}) {
  const errors: Error[] = [];
  const desk = await redisDesk(url, { onError: (error) => errors.push(error), ...options });
  opened.push(() => desk.close());
  return { desk, errors };
}

/** Past the desk. */
async function directTo(url: string): Promise<RedisClientType> {
  const client: RedisClientType = createClient({ url });
  client.on("error", () => undefined);
  await client.connect();
  opened.push(() => client.destroy());
  return client;
}

/** Waits for the next time the desk says that Redis was away and is back. */
function comesBack(desk: Desk): Promise<Return> {
  return new Promise((resolve) => {
    const stop = desk.onReturn((what) => {
      stop();
      resolve(what);
    });
  });
}

/** Refused without waiting for anything, not even for a turn of the event loop: true at any speed. */
async function refusedAtOnce(call: Promise<unknown>): Promise<void> {
  const waiting = new Promise<"waiting">((resolve) => setImmediate(() => resolve("waiting")));
  const answer = call.then(
    () => "taken",
    (error: unknown) => error,
  );
  expect(await Promise.race([answer, waiting])).toBeInstanceOf(DeskUnavailable);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within 5 s: ${holds}`);
    await delay(10);
  }
}

describe("the Desk in Redis at its start", () => {
  it("[D30] says where it could not connect and why, without the password", async () => {
    const failed = redisDesk("redis://:geheim@127.0.0.1:1/3", { onError: () => undefined });
    await expect(failed).rejects.toThrow(
      /^Can't reach Redis at redis:\/\/127\.0\.0\.1:1\/3: .*ECONNREFUSED/,
    );
    await expect(failed).rejects.not.toThrow(/geheim/);
  });

  it.each(["localhost:6379", "http://localhost", "", "redis//x"])(
    "[D31] says what an address looks like when given %j",
    async (url) => {
      await expect(redisDesk(url, { onError: () => undefined })).rejects.toThrow(
        /^The Redis address must look like redis:\/\/host:6379/,
      );
    },
  );

  it("[D32] refuses a Redis that would drop data when memory runs short, and says why", async () => {
    const { url } = await server("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
    await expect(redisDesk(url, { onError: () => undefined })).rejects.toThrow(
      /maxmemory-policy allkeys-lru.*Set it to noeviction/,
    );
  });

  it("[D33] passes on a wrong password as the reason", async () => {
    const { url } = await server("--requirepass", "right");
    const wrong = url.replace("//", "//:wrong@");
    await expect(redisDesk(wrong, { onError: () => undefined })).rejects.toThrow(/WRONGPASS/);
  });
});

describe("the Desk while Redis is away", () => {
  it("[D34] fails at once, says so once, and after an empty restart knows that it knows nothing", async () => {
    const redis = await server();
    const { desk, errors } = await deskOn(redis.url);
    await desk.beginRebuild(w, "first");
    await desk.finishRebuild(w, "first");
    const heard: string[] = [];
    await desk.subscribe(w, "fan:0", (message) => heard.push(message));

    await redis.kill();
    // The first may be the one that finds it gone.
    await expect(desk.ping()).rejects.toThrow(DeskUnavailable);
    for (let i = 0; i < 20; i++) {
      await refusedAtOnce(desk.place(w, c1, 1, queued));
      await refusedAtOnce(desk.publish(w, "wake", ""));
    }
    await expect(desk.subscribe(w, "fan:1", () => undefined)).rejects.toThrow(DeskUnavailable);

    const back = comesBack(desk);
    await delay(300);
    await redis.restart();
    const what = await back;
    expect(what.mayLack).toBe(true);
    expect(what.lostFor()).toBeGreaterThan(290);
    // One for each of the two connections, not one for each try.
    expect(errors.length).toBeLessThanOrEqual(2);
    expect(await desk.epoch(w)).toBeNull();
    expect(await desk.place(w, c1, 1, queued)).toBe("placed");
    await desk.publish(w, "fan:0", "again");
    await until(() => heard.includes("again"));
  });

  it("[D35] waits for a silent Redis once, then fails at once until it speaks again", async () => {
    const redis = await server();
    const { desk } = await deskOn(redis.url, { callMs: 200 });
    redis.process.kill("SIGSTOP");
    onTestFinished(() => void redis.process.kill("SIGCONT"));
    await expect(desk.ping()).rejects.toThrow(DeskUnavailable);
    await refusedAtOnce(desk.floor(w, 1));
    await refusedAtOnce(desk.place(w, c1, 1, queued));

    const back = comesBack(desk);
    redis.process.kill("SIGCONT");
    // It was only slow: nothing has to be made anew.
    expect((await back).mayLack).toBe(false);
    await desk.ping();
  });

  it("[D36] doesn't blame Redis for its own process standing still", async () => {
    const { url } = await server();
    const { desk } = await deskOn(url, { callMs: 100 });
    const answer = desk.ping();
    await delay(0);
    const standing = performance.now() + 250;
    while (performance.now() < standing);
    await answer;
  });

  it("[D37] says that another Redis answers under the same address", async () => {
    const { url } = await server("--enable-debug-command", "yes");
    const direct = await directTo(url);
    const { desk } = await deskOn(url, { watchMs: 30 });
    let returns = 0;
    desk.onReturn(() => {
      returns += 1;
    });
    await delay(100);
    expect(returns).toBe(0);
    await direct.sendCommand(["DEBUG", "CHANGE-REPL-ID"]);
    await until(() => returns === 1);
    await delay(100);
    expect(returns).toBe(1);
  });

  it("[D38] takes a full memory for being away, and leaves everything as it was", async () => {
    const { url } = await server();
    const direct = await directTo(url);
    const { desk } = await deskOn(url);
    await desk.place(w, c1, 1, queued);
    await direct.configSet("maxmemory", "1");
    await expect(desk.place(w, c1, 2, { at: "agent", agent, units: 100 })).rejects.toThrow(
      DeskUnavailable,
    );
    await direct.configSet("maxmemory", "0");
    const floor = await desk.floor(w, 10);
    expect([floor.waiting.length, floor.used.size]).toEqual([1, 0]);
    expect(await desk.positions(w, [c1])).toMatchObject([{ position: 1 }]);
  });

  it("[D39] throws what is wrong with a key as what it is, not as Redis being away", async () => {
    const { url } = await server();
    const direct = await directTo(url);
    const { desk } = await deskOn(url);
    await direct.set(`{${w}}:places`, "not a hash");
    const failed = desk.place(w, c1, 1, queued);
    await expect(failed).rejects.toThrow(/WRONGTYPE/);
    await expect(failed).rejects.not.toBeInstanceOf(DeskUnavailable);
  });
});

describe("the Desk in Redis", () => {
  it("[D40] gives its scripts to a Redis that forgot them", async () => {
    const { url } = await server();
    const direct = await directTo(url);
    const { desk } = await deskOn(url);
    await desk.place(w, c1, 1, queued);
    await direct.scriptFlush();
    expect(await desk.place(w, c1, 2, queued)).toBe("placed");
    expect((await desk.floor(w, 1)).waiting).toHaveLength(1);
  });

  it("[D41] keeps all keys of a workspace under its hash tag, and leaves none behind", async () => {
    const { url } = await server();
    const direct = await directTo(url);
    const { desk } = await deskOn(url, { tombstoneMs: 20 });
    const connection = { kind: "agent", id: agent, connection: "tab" } as const;
    await desk.beginRebuild(w, "first");
    await desk.finishRebuild(w, "first");
    await desk.place(w, c1, 1, queued);
    await desk.beat(w, connection, 60_000);
    const plan = { conversation: c1, seq: 1, agent, units: 100, capacity: 400 };
    await desk.reserve(w, plan, 60_000);
    const keys = await direct.keys("*");
    expect(keys.length).toBeGreaterThanOrEqual(7);
    expect(keys.filter((key) => !key.startsWith(`{${w}}:`))).toEqual([]);
    await desk.place(w, c1, 2, { at: "nowhere" });
    await desk.gone(w, connection);
    await delay(50);
    const left = (await direct.keys("*")).sort();
    // The names of queues are few and stay.
    expect(left).toEqual([`{${w}}:epoch`, `{${w}}:queues`, `{${w}}:seen:agent`]);
    // Last signs of life stay for a day.
    expect(await direct.pTTL(`{${w}}:seen:agent`)).toBeGreaterThan(0);
  });

  it("[D54] tells when its own parts disagree, and a rebuild makes them anew", async () => {
    const { url } = await server();
    const { desk } = await deskOn(url);
    const direct = await directTo(url);
    const held: Place = { at: "agent", agent, units: 100 };
    const place = async () => {
      await desk.place(w, c1, 1, queued);
      await desk.place(w, "other" as ConversationId, 1, held);
    };
    const rebuild = async (epoch: string) => {
      await desk.beginRebuild(w, epoch);
      await place();
      await desk.finishRebuild(w, epoch);
    };
    await rebuild("first");
    const passing = "passing" as ConversationId;
    await desk.place(w, passing, 1, { ...queued, queue: "emptied" as QueueId });
    await desk.place(w, passing, 2, { at: "nowhere" });
    expect((await desk.inventory(w)).whole).toBe(true);
    const tamperings = [
      () => direct.del(`{${w}}:waiting`),
      () => direct.del(`{${w}}:queue:queue`),
      () => direct.zAdd(`{${w}}:queue:emptied`, { score: 0, value: "000000000000001:nobody" }),
      () => direct.del(`{${w}}:queues`),
      () => direct.zAdd(`{${w}}:waiting`, { score: 0, value: "000000000000001:nobody" }),
      () => direct.zIncrBy(`{${w}}:waiting`, 5, `${"1".padStart(15, "0")}:${c1}`),
      () => direct.hIncrBy(`{${w}}:units`, agent, 50),
      () => direct.hDel(`{${w}}:units`, agent),
      () => direct.hSet(`{${w}}:units`, "nobody", "100"),
    ];
    for (const [index, tamper] of tamperings.entries()) {
      await tamper();
      expect((await desk.inventory(w)).whole).toBe(false);
      await rebuild(`epoch-${index}`);
      expect((await desk.inventory(w)).whole).toBe(true);
      const { waiting, used } = await desk.floor(w, 10);
      expect(waiting.map(({ conversation, score }) => [conversation, score])).toEqual([[c1, 1]]);
      expect(used).toEqual(new Map([[agent, 100]]));
      expect(await desk.positions(w, [c1])).toMatchObject([{ position: 1 }]);
    }
  });

  it("[D57] forgets a workspace however long it takes, as long as each step is quick", async () => {
    const { url } = await server();
    const { desk } = await deskOn(url, { callMs: 100 });
    const direct = await directTo(url);
    const fill = "for i = 1, 50000 do redis.call('SET', ARGV[1] .. i, '') end";
    for (let n = 0; n < 8; n++) await direct.eval(fill, { arguments: [`{other}:${n}:`] });
    await direct.eval(fill, { arguments: [`{${w}}:tombstone:`] });
    await desk.forget(w);
    expect(await direct.dbSize()).toBe(400_000);
  });

  it("[D42] subscribes once per channel and not at all when nobody hears, though it ended while away", async () => {
    const redis = await server();
    const direct = await directTo(redis.url);
    const { desk } = await deskOn(redis.url);
    const channel = `{${w}}:fan:7`;
    const subscribers = async () =>
      Number(Object.values(await direct.pubSubShardNumSub([channel]))[0]);
    const ends = await Promise.all(
      Array.from({ length: 10 }, () => desk.subscribe(w, "fan:7", () => undefined)),
    );
    expect(await subscribers()).toBe(1);
    await Promise.all(ends.map((end) => end()));
    expect(await subscribers()).toBe(0);

    const end = await desk.subscribe(w, "fan:7", () => undefined);
    const back = comesBack(desk);
    await redis.kill();
    await until(() =>
      desk.ping().then(
        () => false,
        () => true,
      ),
    );
    await end();
    await redis.restart();
    await back;
    await until(() => direct.isReady);
    await until(async () => (await subscribers()) === 0);
  });

  it("[D43] tells of a hearer that threw, and goes on hearing", async () => {
    const { url } = await server();
    const { desk, errors } = await deskOn(url);
    const heard: string[] = [];
    await desk.subscribe(w, "wake", (message) => {
      heard.push(message);
      throw new Error(`not ${message}`);
    });
    await desk.publish(w, "wake", "1");
    await desk.publish(w, "wake", "2");
    await until(() => heard.length === 2);
    expect(errors.map((error) => error.message)).toEqual(["not 1", "not 2"]);
    await desk.ping();
  });

  it("[D44] answers a floor of 10,000 waiting and 2,000 held within its time", async () => {
    const { url } = await server();
    const { desk } = await deskOn(url);
    const placeAll = async (count: number, of: (i: number) => Place, name: string) => {
      for (let from = 0; from < count; from += 500) {
        const some = Array.from({ length: 500 }, (_, i) => from + i);
        await Promise.all(
          some.map((i) => desk.place(w, `${name}${i}` as ConversationId, 1, of(i))),
        );
      }
    };
    await placeAll(10_000, (i) => ({ ...queued, queuedAt: i }), "c");
    const held = (i: number): Place => ({
      at: "agent",
      agent: `a${i % 500}` as AgentId,
      units: 100,
    });
    await placeAll(2_000, held, "h");
    const floor = await desk.floor(w, 10_000);
    expect([floor.waiting.length, floor.used.size]).toEqual([10_000, 500]);
    expect(floor.waiting[9_999]?.conversation).toBe("c9999");
  });
});
