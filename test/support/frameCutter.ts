import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * A relay in front of a server that reads along what browsers send over WebSockets, and can end a
 * connection right after a frame: the server has it, and no answer ever comes. Frames are counted per
 * person, over all connections of theirs in turn, because one side's order is the same in every run
 * while that of two sides is not. Engine.IO's heartbeats don't count: when they come depends on the
 * clock alone.
 */
export type FrameCutter = {
  readonly port: number;
  /** What each person has sent, in order, each frame called by what it carries. */
  sent(): ReadonlyMap<string, readonly string[]>;
  /** Whether the connection was ended that was to be ended. */
  hasCut(): boolean;
  close(): Promise<void>;
};

export type Cut = { person: string; after: number };

export type FrameCutterOptions = {
  /** Where the server answers. */
  target: number;
  /** Where browsers come in; 0 takes any. */
  port?: number;
  cut?: Cut | null;
};

export async function startFrameCutter(options: FrameCutterOptions): Promise<FrameCutter> {
  const { target, port = 0, cut = null } = options;
  const sent = new Map<string, string[]>();
  /** Who is behind a cookie or a token, by the order of their first frame. */
  const known = new Map<string, string>();
  const open = new Set<Socket>();
  let hasCut = false;

  function personBehind(key: string, side: string): string {
    const before = known.get(key);
    if (before) return before;
    const count = [...known.values()].filter((name) => name.startsWith(`${side} `)).length;
    const name = `${side} ${count + 1}`;
    known.set(key, name);
    return name;
  }

  /** Notes the frame; true when it is the one to cut after. */
  function counts(person: string, what: string): boolean {
    const all = sent.get(person) ?? [];
    sent.set(person, all);
    const number = all.push(what);
    return !hasCut && cut?.person === person && cut.after === number;
  }

  function serve(client: Socket): void {
    const server = connect(target, "127.0.0.1");
    for (const socket of [client, server]) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on("close", () => open.delete(socket));
    }
    const end = () => {
      client.destroy();
      server.destroy();
    };
    const reader = streamReader();
    let over = false;
    for (const socket of [client, server]) {
      socket.on("error", end);
      // What was cut is ended towards the server after it has read everything.
      socket.on("close", () => over || end());
    }
    server.on("data", (bytes) => {
      if (!over) client.write(bytes);
    });
    client.on("data", (bytes) => {
      for (const part of reader.read(bytes)) {
        if (over) return;
        server.write(part.bytes);
        const frame = part.frame;
        if (!frame) continue;
        if (!counts(personBehind(frame.key, frame.side), frame.what)) continue;
        over = true;
        hasCut = true;
        server.end();
        client.resetAndDestroy();
      }
    });
  }

  const servers: Server[] = [];
  const listen = async (host: string, on: number) => {
    const relay = createServer(serve).listen(on, host);
    await once(relay, "listening");
    servers.push(relay);
    const address = relay.address();
    return typeof address === "object" && address ? address.port : 0;
  };
  const taken = await listen("127.0.0.1", port);
  // `localhost` may mean either; a machine without IPv6 has only the first.
  await listen("::1", taken).catch(() => undefined);

  return {
    port: taken,
    sent: () => sent,
    hasCut: () => hasCut,
    async close() {
      for (const socket of open) socket.destroy();
      await Promise.all(
        servers.map((relay) => new Promise<void>((resolve) => relay.close(() => resolve()))),
      );
    },
  };
}

type Part = { bytes: Buffer; frame: { key: string; side: string; what: string } | null };

/** Takes what a browser sends apart: a request's head, then, if it opens a WebSocket, its frames. */
function streamReader(): { read(bytes: Buffer): Part[] } {
  let rest: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  let mode: "head" | "frames" | "plain" = "head";
  let cookie: string | null = null;
  let who: { key: string; side: string } | null = null;

  function head(): Part | null {
    const length = rest.indexOf("\r\n\r\n") + 4;
    if (length < 4) return null;
    const text = rest.subarray(0, length).toString("latin1");
    mode = /^upgrade: *websocket/im.test(text) ? "frames" : "plain";
    cookie = /^cookie:.*?\b(?:__Host-parley|parley_session)=([^;\s]+)/im.exec(text)?.[1] ?? null;
    return taken(length, null);
  }

  function taken(length: number, frame: Part["frame"]): Part {
    const bytes = rest.subarray(0, length);
    rest = rest.subarray(length);
    return { bytes, frame };
  }

  function frame(): Part | null {
    const whole = frameIn(rest);
    if (!whole) return null;
    const { opcode, text, length } = whole;
    // Control frames carry nothing, and neither does the heartbeat's answer.
    if (opcode !== 1 || text === "3") return taken(length, null);
    const named = namedBy(text, cookie);
    if (named) who = named;
    return taken(length, who && { ...who, what: whatIs(text) });
  }

  return {
    read(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      const parts: Part[] = [];
      while (rest.length > 0) {
        const part =
          mode === "head" ? head() : mode === "frames" ? frame() : taken(rest.length, null);
        if (!part) break;
        parts.push(part);
      }
      return parts;
    },
  };
}

/** The first frame of a client (RFC 6455), if it is whole. Browsers don't split what is as short as ours. */
function frameIn(bytes: Buffer): { opcode: number; text: string; length: number } | null {
  if (bytes.length < 6) return null;
  const short = (bytes[1] ?? 0) & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  const masked = 2 + extended;
  const start = masked + 4;
  if (bytes.length < start) return null;
  const size =
    short === 126
      ? bytes.readUInt16BE(2)
      : short === 127
        ? Number(bytes.readBigUInt64BE(2))
        : short;
  if (bytes.length < start + size) return null;
  const payload = Buffer.from(bytes.subarray(start, start + size));
  for (let i = 0; i < size; i += 1) payload[i] = (payload[i] ?? 0) ^ (bytes[masked + (i % 4)] ?? 0);
  return { opcode: (bytes[0] ?? 0) & 0x0f, text: payload.toString(), length: start + size };
}

/** Socket.IO's connect packet says for which namespace, and a visitor's with which token. */
function namedBy(text: string, cookie: string | null): { key: string; side: string } | null {
  const [, side, auth] = /^40\/(\w+),(.*)$/s.exec(text) ?? [];
  if (!side) return null;
  const token = auth ? (JSON.parse(auth) as { token?: string }).token : undefined;
  return { key: `${side} ${token ?? cookie ?? ""}`, side };
}

/** A packet in a word or two: what was connected to, or the event and the command in it. */
function whatIs(text: string): string {
  if (text.startsWith("40")) return "connect";
  const [, json] = /^4[23]\/\w+,\d*(\[.*\])$/s.exec(text) ?? [];
  if (!json) return text.startsWith("41") ? "disconnect" : "packet";
  const [event, payload] = JSON.parse(json) as [string, { kind?: string } | undefined];
  return payload?.kind ? `${event} ${payload.kind}` : event;
}
