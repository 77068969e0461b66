import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AgentWelcome, agentNamespace } from "#shared/protocol/sockets.ts";
import { agentClient, connect, eventually, signIn } from "../support/clients.ts";
import { type Bystanders, bystanders } from "./support/bystanders.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";

const canary = "canary-pass-3f1c";

let server: MemoryServer;
let others: Bystanders;
/** Each test comes from an address of its own, or the limits of one would reach the next. */
let address = 1;

beforeAll(async () => {
  server = await memoryServer({ TRUST_PROXY: "1" });
  others = await bystanders(server);
});
afterAll(async () => {
  others.close();
  await server.close();
});

type Options = { method?: string; headers?: Record<string, string>; body?: BodyInit };

function ask({ method = "POST", headers = {}, body }: Options): Promise<Response> {
  return fetch(`${server.url}/api/session`, {
    method,
    headers: {
      "content-type": "application/json",
      origin: server.config.publicUrl,
      "x-forwarded-for": `198.51.100.${address}`,
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
}

const post = (given: unknown, headers: Record<string, string> = {}) =>
  ask({ headers, body: JSON.stringify(given) });

function account(who: number): { email: string; password: string } {
  const { email = "", password = "" } = server.signIns[who] ?? {};
  return { email, password };
}
const cookieOf = (response: Response) => response.headers.get("set-cookie")?.split(";")[0] ?? "";
const whoIs = (cookie?: string) => ask({ method: "GET", ...(cookie && { headers: { cookie } }) });
const alive = async (cookie: string): Promise<boolean> =>
  ((await (await whoIs(cookie)).json()) as { agent: unknown }).agent !== null;

describe("signing in with what isn't right", () => {
  it("[B30] wrong passwords and unknown accounts get one answer, in about one time", async () => {
    address += 1;
    const { email, password } = account(2);
    const timed = async (given: object) => {
      const began = performance.now();
      const response = await post(given);
      expect(response.status).toBe(401);
      expect(response.headers.get("set-cookie")).toBeNull();
      expect(await response.json()).toEqual({ refusal: { code: "unauthenticated", retry: false } });
      return performance.now() - began;
    };
    const wrong = [canary, " ", password.toUpperCase(), `${password} `, "x".repeat(256)];
    const known = [];
    for (const given of wrong) known.push(await timed({ email, password: given }));
    const unknown = await timed({ email: `nobody-${canary}@demo.test`, password });
    // Not the tenth of a blink that a missing derivation would take.
    expect(unknown).toBeGreaterThan(Math.min(...known) / 3);
  });

  it("[B30] what isn't a pair of texts is refused before anything is compared", async () => {
    address += 1;
    const { email, password } = account(2);
    const strange = [null, "", 7, true, [], {}, [password], { $gt: "" }];
    const cases: [string, unknown][] = [
      ...strange.map((value): [string, unknown] => ["password", { email, password: value }]),
      ...strange.map((value): [string, unknown] => ["email", { email: value, password }]),
      ["password", { email }],
      ["email", { password }],
      ["password", { email, password: "x".repeat(257) }],
      ["email", { email: `${"x".repeat(250)}@demo.test`, password }],
      ["email", { email: `${email}\u0000`, password }],
      ["password", { email, password: `${password}\u0000` }],
      ["password", { email, password: "\u0000" }],
      ["body", { email, password, role: "owner" }],
      ["body", JSON.parse(`{"__proto__":{"role":"owner"},"email":"${email}","password":"x"}`)],
      ["body", []],
      ["body", {}],
    ];
    for (const [path, given] of cases) {
      const response = await post(given);
      expect(response.status, JSON.stringify(given)).toBe(400);
      const { refusal } = (await response.json()) as { refusal: { code: string; path: string } };
      expect(refusal.code).toBe("invalid");
      if (JSON.stringify(given).length > 4) expect(refusal.path).toMatch(/^(body|email|password)$/);
      if (path !== "body") expect(refusal.path).toBe(path);
    }
    expect(({} as { role?: unknown }).role).toBeUndefined();
    await others.stillTalk();
  });

  it("[B31] malformed, empty, oversized and oddly encoded bodies get a typed refusal", async () => {
    address += 1;
    const json = (body: BodyInit, headers: Record<string, string> = {}) => ask({ body, headers });
    const cases: [number, string, () => Promise<Response>][] = [
      [400, "invalid", () => json(`{"email":"${canary}`)],
      [400, "invalid", () => json("")],
      [400, "invalid", () => json('"text"')],
      [400, "invalid", () => json("null")],
      [400, "invalid", () => json(`${'{"a":'.repeat(600)}1${"}".repeat(600)}`)],
      [413, "too_large", () => json(JSON.stringify({ email: canary.repeat(400), password: "x" }))],
      [415, "invalid", () => json("{}", { "content-type": "application/json; charset=klingon" })],
      [415, "invalid", () => json("{}", { "content-encoding": "klingon" })],
      [400, "invalid", () => json("not gzip", { "content-encoding": "gzip" })],
    ];
    for (const [status, code, request] of cases) {
      const response = await request();
      const text = await response.text();
      expect(response.status, text).toBe(status);
      expect(JSON.parse(text)).toMatchObject({ refusal: { code, retry: false } });
      expect(text).not.toContain("at ");
      expect(text).not.toContain(canary);
    }
    await others.stillTalk();
  });
});

describe("requests from other pages", () => {
  const given = () => JSON.stringify(account(2));
  it("[B32] that change something need our own Origin", async () => {
    address += 1;
    const { publicUrl, port } = server.config;
    const cookie = await signIn(server, 3);
    for (const origin of [
      "https://evil.example",
      "null",
      "",
      `${publicUrl}.evil.example`,
      `http://evil.localhost:${port}`,
      "http://localhost:1",
      publicUrl.toUpperCase(),
      publicUrl.replace("http", "https"),
      `${publicUrl}/`,
      server.url,
    ]) {
      for (const method of ["POST", "DELETE", "PUT", "PATCH"]) {
        const response = await ask({ method, body: given(), headers: { origin, cookie } });
        expect(response.status, `${method} ${origin}`).toBe(403);
        expect(await response.json()).toEqual({ refusal: { code: "forbidden", retry: false } });
        expect(response.headers.get("set-cookie")).toBeNull();
      }
    }
    const { origin: _, ...without } = { origin: "", "content-type": "application/json", cookie };
    const bare = await fetch(`${server.url}/api/session`, {
      method: "DELETE",
      headers: without,
    });
    expect(bare.status).toBe(403);
    expect(await alive(cookie)).toBe(true);
  });

  it("[B32] that say they come from another site are refused even with our Origin", async () => {
    for (const site of ["cross-site", "same-site", "none"]) {
      const response = await ask({ body: given(), headers: { "sec-fetch-site": site } });
      expect(response.status).toBe(403);
    }
  });

  it("[B32] as a form, as text or without a type are refused", async () => {
    for (const type of [
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "text/plain",
      "text/plain; application/json",
      "application/jsonp",
      "",
    ]) {
      const response = await ask({ body: given(), headers: { "content-type": type } });
      expect(response.status, type).toBe(403);
    }
    await others.stillTalk();
  });
});

describe("attempts without end", () => {
  it("[B33] are refused from the eleventh on, for this account from this address only", async () => {
    address += 1;
    const { email, password } = account(3);
    const attempt = (given: object, from = address) =>
      post(given, { "x-forwarded-for": `198.51.100.${from}` });
    const ten = await Promise.all(
      Array.from({ length: 10 }, () => attempt({ email, password: canary })),
    );
    expect(ten.map((response) => response.status)).toEqual(Array(10).fill(401));
    // The right password is no way around the limit, nor is another spelling of the address.
    for (const given of [
      { email, password },
      { email: ` ${email.toUpperCase()}`, password },
    ]) {
      const refused = await attempt(given);
      expect(refused.status).toBe(429);
      const { refusal } = (await refused.json()) as { refusal: { retryAfterMs: number } };
      expect(refusal).toMatchObject({ code: "rate", retry: true });
      expect(refusal.retryAfterMs).toBeGreaterThan(0);
      expect(refusal.retryAfterMs).toBeLessThanOrEqual(15 * 60_000);
    }
    expect((await attempt({ email: account(2).email, password: canary })).status).toBe(401);
    // Nobody is locked out by somebody else's attempts.
    expect((await attempt({ email, password }, address + 100)).status).toBe(200);
    await others.stillTalk();
  });
});

describe("a session", () => {
  it("[B34] is a cookie scripts can't read, only for this host, only from our own pages", async () => {
    address += 1;
    const response = await post(account(2));
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(
      /^parley_session=[\w-]{43}; Max-Age=\d+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
    expect(await response.json()).toEqual({
      agent: { id: expect.any(String), name: "Ben Carter", role: "agent" },
    });
  });

  it("[B40] that isn't there is an answer and not a failure, without a cookie and with a foreign one", async () => {
    for (const cookie of [undefined, `parley_session=${"A".repeat(43)}`, "parley_session=x"]) {
      const response = await whoIs(cookie);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ agent: null });
    }
  });

  it("[B34] from before signing in doesn't survive it, and a planted one is never taken over", async () => {
    address += 1;
    const before = await signIn(server, 2);
    const response = await post(account(2), { cookie: before });
    const after = cookieOf(response);
    expect(after).not.toBe(before);
    expect(await alive(before)).toBe(false);
    expect(await alive(after)).toBe(true);
    const planted = `parley_session=${"A".repeat(43)}`;
    const fresh = cookieOf(await post(account(2), { cookie: planted }));
    expect(fresh).not.toBe(planted);
    expect(await alive(planted)).toBe(false);
  });

  it("[B35] that ends takes its sockets along at once, and no other session's", async () => {
    address += 1;
    const headers = (cookie: string) => ({ cookie, origin: server.config.publicUrl });
    const here = await signIn(server, 2);
    const [one, two, elsewhere] = await Promise.all([
      connect(server, agentNamespace, { extraHeaders: headers(here) }),
      connect(server, agentNamespace, { extraHeaders: headers(here) }),
      agentClient(server, 2),
    ]);
    const began = performance.now();
    // The console signs out without a body.
    const response = await ask({ method: "DELETE", headers: { cookie: here } });
    expect(response.status).toBe(204);
    expect(response.headers.get("set-cookie")).toContain("parley_session=;");
    await eventually(() => !one.socket.connected && !two.socket.connected);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(elsewhere.socket.connected).toBe(true);
    expect(await elsewhere.ask<AgentWelcome>("list", { list: "mine" })).toMatchObject({ ok: true });
    expect(await alive(here)).toBe(false);
    await expect(connect(server, agentNamespace, { extraHeaders: headers(here) })).rejects.toThrow(
      "unauthenticated",
    );
    expect((await ask({ method: "DELETE", headers: { cookie: here } })).status).toBe(204);
    elsewhere.close();
    await others.stillTalk();
  });

  it("[B35] that is replaced by signing in again loses its sockets too", async () => {
    address += 1;
    const cookie = await signIn(server, 3);
    const client = await connect(server, agentNamespace, {
      extraHeaders: { cookie, origin: server.config.publicUrl },
    });
    expect((await post(account(3), { cookie })).status).toBe(200);
    await eventually(() => !client.socket.connected);
  });

  it("[B6] leaves nothing in the log: no password, no address, no cookie", async () => {
    const cookie = await signIn(server, 1);
    const log = server.log.join("\n");
    expect(log).not.toContain(canary);
    for (const { email, password } of server.signIns) {
      expect(log).not.toContain(email);
      expect(log).not.toContain(password);
    }
    expect(log).not.toContain(cookie.split("=")[1]);
  });
});
