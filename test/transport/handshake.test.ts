import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, newToken, signIn, ticketFor } from "../support/clients.ts";
import { refusals } from "../support/refusals.ts";
import { type Bystanders, bystanders } from "./support/bystanders.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";
import { handshake, rawIn, rawSocket, socketPath } from "./support/rawSocket.ts";

let server: MemoryServer;
let others: Bystanders;

beforeAll(async () => {
  server = await memoryServer({}, { pace: { tally: 50 } });
  others = await bystanders(server);
});
afterAll(async () => {
  others.close();
  await server.close();
});

/** What a namespace says to somebody it turns away. */
async function refusedBy(namespace: string, auth?: unknown, headers?: Record<string, string>) {
  const raw = await rawSocket(server, headers);
  raw.send(`40${namespace},${auth === undefined ? "" : JSON.stringify(auth)}`);
  // The default namespace goes without saying.
  const start = namespace === "/" ? "44" : `44${namespace},`;
  const frame = await raw.frame(start);
  raw.close();
  return (JSON.parse(frame.slice(start.length)) as { data: unknown }).data;
}

describe("a WebSocket handshake's Origin", () => {
  const own = () => server.config.publicUrl;
  const origins: [string, () => string][] = [
    ["another site's", () => "https://evil.example"],
    ["the text null", () => "null"],
    ["our name in front of a foreign one", () => `${own()}.evil.example`],
    ["our name behind a foreign one", () => `http://evil.localhost:${server.config.port}`],
    ["our name on another port", () => "http://localhost:1"],
    ["our name in upper case", () => own().toUpperCase()],
    ["our name under another scheme", () => own().replace("http", "https")],
    ["our name with a path", () => `${own()}/`],
    ["empty", () => ""],
    ["the demo shop's, which embeds the frame but isn't it", () => server.url],
  ];
  it.each(origins)("[B10] %s is answered 403", async (_what, origin) => {
    expect(await handshake(server, { origin: origin() })).toBe(403);
    const cookie = await cookieOnce();
    expect(await handshake(server, { origin: origin(), cookie })).toBe(403);
  });

  it("[B10] our own is taken, with a cookie and without", async () => {
    expect(await handshake(server, { origin: own() })).toBe(101);
    expect(await handshake(server, { origin: own(), cookie: await cookieOnce() })).toBe(101);
  });

  it("[B10] none is taken without a cookie only", async () => {
    expect(await handshake(server)).toBe(101);
    expect(await handshake(server, { cookie: await cookieOnce() })).toBe(403);
    expect(await handshake(server, { cookie: "anything=1" })).toBe(403);
  });

  it("[B11] every refused handshake leaves a line that says why, and others talk on", async () => {
    const count = () => refusals(server.log, "origin");
    const before = count();
    await handshake(server, { origin: "https://evil.example" });
    await eventually(() => count() > before);
    expect(server.log.join("")).toContain('"why":"origin"');
    expect(server.log.join("")).not.toContain("evil.example");
    await others.stillTalk();
  });
});

describe("other ways in", () => {
  it("[B12] polling is refused, with and without a session id", async () => {
    for (const query of ["EIO=4&transport=polling", "EIO=4", "EIO=4&transport=polling&sid=x"]) {
      for (const method of ["GET", "POST"]) {
        const response = await fetch(`${server.url}/socket.io/?${query}`, { method });
        expect(response.status).toBe(400);
      }
    }
    const plain = await fetch(`${server.url}${socketPath}`);
    expect(plain.status).toBe(400);
  });

  it("[B12] older and unknown Engine.IO revisions are refused", async () => {
    for (const eio of ["3", "2", "x"]) {
      const path = socketPath.replace("EIO=4", `EIO=${eio}`);
      expect(await handshake(server, {}, path)).toBe(400);
    }
  });

  it("[B12] the session id of another connection opens nothing", async () => {
    const raw = await rawSocket(server);
    expect(await handshake(server, {}, `${socketPath}&sid=AAAAAAAAAAAAAAAAAAAA`)).toBe(400);
    raw.close();
  });

  it("[B13] the default namespace and unknown ones take nobody", async () => {
    expect(await refusedBy("/")).toMatchObject({ code: "not_found" });
    const raw = await rawSocket(server);
    raw.send("40/admin,");
    expect(await raw.frame("44/admin,")).toContain("Invalid namespace");
    raw.close();
    await others.stillTalk();
  });

  it("[B13] a connection that never names a namespace is closed", async () => {
    const raw = await rawSocket(server);
    expect(await raw.closed).toBeGreaterThan(0);
  });
});

describe("a visitor's handshake", () => {
  const unauthenticated = { code: "unauthenticated", retry: false };

  it("[B14] without a well-formed token is refused", async () => {
    const ticket = await ticketFor(server);
    const token = newToken();
    const wrong: unknown[] = [
      undefined,
      {},
      { site: "demo-shop" },
      { token, ticket },
      { site: "demo-shop", token: "", ticket },
      { site: "demo-shop", token: `${token}A`, ticket },
      { site: "demo-shop", token: token.slice(1), ticket },
      { site: "demo-shop", token: `${token.slice(1)}=`, ticket },
      { site: "demo-shop", token: `${token.slice(2)}\n-`, ticket },
      { site: "demo-shop", token: [token], ticket },
      { site: "demo-shop", token: { $gt: "" }, ticket },
      { site: "demo-shop", token: 0, ticket },
      { site: "demo-shop", token: null, ticket },
      { site: ["demo-shop"], token, ticket },
      { site: "", token, ticket },
      { site: "x".repeat(65), token, ticket },
      { site: "demo-shop", token, ticket: [ticket] },
      { site: "demo-shop", token, ticket: "x".repeat(2_001) },
    ];
    for (const auth of wrong) expect(await refusedBy("/visitor", auth)).toEqual(unauthenticated);
  });

  it("[B14] for an unknown site is refused as not found", async () => {
    const ticket = await ticketFor(server);
    for (const site of ["nowhere", "__proto__", "constructor", "DEMO-SHOP", "demo-shop "]) {
      const refused = await refusedBy("/visitor", { site, token: newToken(), ticket });
      expect(refused).toEqual({ code: "not_found", retry: false, path: "site" });
    }
  });

  it("[B15] the first time needs a ticket that this server signed for this site, in time", async () => {
    const key = (secret: string) => new TextEncoder().encode(`frame-ticket:${secret}`);
    const { secretKey } = server.config;
    const good = await ticketFor(server);
    const [head = "", body = "", signature = ""] = good.split(".");
    const { site } = JSON.parse(Buffer.from(body, "base64url").toString()) as { site: string };
    const signed = (
      claims: object,
      { secret = secretKey ?? "", expires = "5m", aud = "parley:frame" },
    ) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg: "HS256" })
        .setAudience(aud)
        .setExpirationTime(expires)
        .sign(key(secret));
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    const tickets = [
      undefined,
      "",
      "x",
      `${head}.${body}.`,
      `${none}.${body}.`,
      `${none}.${body}.${signature}`,
      `${head}.${body}.${signature.slice(0, -2)}AA`,
      await signed({ site }, { secret: "another secret that is long enough" }),
      await signed({ site }, { expires: "-1s" }),
      await signed({ site }, { aud: "parley:other" }),
      await signed({ site: "00000000-0000-7000-8000-000000000000" }, {}),
      await signed({ site: "demo-shop" }, {}),
      await signed({}, {}),
    ];
    for (const ticket of tickets) {
      const refused = await refusedBy("/visitor", { site: "demo-shop", token: newToken(), ticket });
      expect(refused).toEqual({ ...unauthenticated, path: "ticket" });
    }
    // The helper above signs what the server takes, so the refusals have the reasons they name.
    const right = await signed({ site }, {});
    const raw = await rawIn(server, "/visitor", {
      auth: { site: "demo-shop", token: newToken(), ticket: right },
    });
    raw.close();
  });

  it("[B15] afterwards the token alone is enough, and only on its own site", async () => {
    const { token } = others.visitor;
    const raw = await rawIn(server, "/visitor", { auth: { site: "demo-shop", token } });
    raw.close();
    const unknown = await refusedBy("/visitor", { site: "demo-shop", token: newToken() });
    expect(unknown).toEqual({ ...unauthenticated, path: "ticket" });
  });

  it("[B16] a token in the address is not looked at", async () => {
    const { token } = others.visitor;
    const ws = new WebSocket(
      `${server.url.replace("http", "ws")}${socketPath}&site=demo-shop&token=${token}`,
    );
    const frames: string[] = [];
    ws.addEventListener("message", ({ data }) => {
      frames.push(String(data));
      if (frames.length === 1) ws.send("40/visitor,");
      else ws.close();
    });
    await new Promise((resolve) => ws.addEventListener("close", resolve));
    expect(frames[1]).toContain('"unauthenticated"');
    expect(server.log.join("")).not.toContain(token);
  });

  it("[B16] a console's cookie opens nothing on the visitors' side, a token nothing on the agents'", async () => {
    const headers = { origin: server.config.publicUrl, cookie: await cookieOnce() };
    expect(await refusedBy("/visitor", undefined, headers)).toEqual(unauthenticated);
    const { token } = others.visitor;
    expect(await refusedBy("/agent", { site: "demo-shop", token })).toEqual(unauthenticated);
  });

  it("[B16] forged, empty and doubled cookies open nothing on the agents' side", async () => {
    const cookie = await cookieOnce();
    const [name = "", value = ""] = cookie.split("=");
    for (const wrong of [
      `${name}=`,
      `${name}=${"A".repeat(43)}`,
      `${name}=${value.slice(1)}`,
      `${name}=%00${value}`,
      `${name.toUpperCase()}=${value}`,
      `__Host-parley=${value}`,
      `${name}=x; ${name}=${value}`,
      "\u00ff=1",
    ]) {
      const headers = { origin: server.config.publicUrl, cookie: wrong };
      expect(await refusedBy("/agent", undefined, headers)).toEqual(unauthenticated);
    }
  });
});

let kept: Promise<string> | null = null;
/** Signing in costs a fifth of a second, so once is enough. */
function cookieOnce(): Promise<string> {
  kept ??= signIn(server, 2);
  return kept;
}
