import type { IncomingMessage } from "node:http";
import { type ErrorRequestHandler, json, type Request, type Response, Router } from "express";
import type { VisitorId } from "#shared/model/ids.ts";
import { type Millis, seconds } from "#shared/model/time.ts";
import { hello } from "#shared/protocol/hello.ts";
import { type Refusal, refusal } from "#shared/protocol/refusals.ts";
import { poll } from "#shared/protocol/requests.ts";
import { type Desk, LedgerUnavailable } from "../../ports.ts";
import type { Admission } from "../admission.ts";
import type { Connections } from "../connections.ts";
import { livenessLease } from "../keepAlive.ts";
import type { Polls } from "../polls.ts";
import { createQuota } from "../quota.ts";
import { receive, refuse } from "../receive.ts";
import { type Addresses, frameLimit, originAllowed } from "../sockets.ts";
import { receiveVisitor, type VisitingParts, type VisitorData } from "../visiting.ts";
import { visitorEvents } from "../visitor.ts";
import { apiHeaders } from "./security.ts";

export type VisitorRouteParts = VisitingParts & {
  desk: Desk;
  polls: Polls;
  addresses: Addresses;
  admission: Admission;
  /** From one address, whoever asks. */
  requestsPerSecond: number;
  request: Connections["request"];
  publicUrl: string;
  /** The client's address, as far as it can be believed. */
  addressOf(request: IncomingMessage): string;
  refusedRequest(why: string): void;
  failed(route: string, error: unknown): void;
};

/** As long as an event's budget, so that a burst after a reconnect isn't refused. */
const window: Millis = seconds(2);

type Take = (...args: unknown[]) => Promise<void>;

/**
 * What a visitor's socket does, for networks that let no WebSocket through (decision 13): each
 * event is a POST whose answer is the acknowledgement, and what a socket would be sent is what a long
 * poll waits for. The token stands in Authorization, never in a cookie or an address.
 */
export function visitorRoutes(parts: VisitorRouteParts): Router {
  const { workspace, desk, polls, addresses, admission, publicUrl, addressOf } = parts;
  /** Counted before SQL is asked who it is. */
  const requests = createQuota(parts.requestsPerSecond * (window / seconds(1)), window);
  const routes = Router();

  const deny = (response: Response, status: number, why: Refusal) => {
    parts.refusedRequest(why.code);
    response.status(status).json({ ok: false, refusal: why });
  };

  async function admitted(request: Request, response: Response): Promise<VisitorData | null> {
    const given = {
      site: request.query.site,
      token: /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1],
      ticket: request.get("parley-ticket"),
    };
    const found = await admission.admit(given, addressOf(request));
    if ("refused" in found) {
      const { refused } = found;
      deny(response, statusOf(refused), refused);
      return null;
    }
    return {
      ...found,
      locale: hello.shape.locale.catch("en").parse(request.query.locale),
      zone: hello.shape.zone.catch("UTC").parse(request.query.zone),
    };
  }

  /** As long as somebody asks, they are there. */
  function seen(data: VisitorData, visitor: VisitorId): void {
    const who = { kind: "visitor", id: visitor, connection: callerOf(data) } as const;
    // One that fails is followed by the next.
    desk.beat(workspace, who, livenessLease).catch(() => undefined);
  }

  routes.use("/api/visitor", apiHeaders, (request, response, next) => {
    response.set("cache-control", "no-store");
    if (!originAllowed(request, publicUrl)) return deny(response, 403, refusal("forbidden"));
    if (addresses.full(request)) {
      return deny(response, 429, refusal("rate", { retryAfterMs: 1_000 }));
    }
    const wait = requests.take(addressOf(request));
    if (wait > 0) return deny(response, 429, refusal("rate", { retryAfterMs: wait }));
    addresses.opened(request);
    response.once("close", () => addresses.closed(request));
    next();
  });

  routes.post(
    "/api/visitor/:event",
    json({ limit: frameLimit, strict: false }),
    async (request, response) => {
      const { event } = request.params;
      if (!request.is("application/json")) return deny(response, 403, refusal("forbidden"));
      const data = await admitted(request, response);
      if (!data) return;
      const connection = parts.request(callerOf(data));
      const takes = new Map<string, Take>();
      const nothing = async () => undefined;
      receiveVisitor(
        {
          data,
          connection,
          met: (visitor) => seen(data, visitor),
          on: (name, take) => takes.set(name, take),
          // Following is what polls do.
          join: nothing,
          leave: nothing,
        },
        parts,
      );
      const answer = (value: unknown) => void response.json(value);
      const take = visitorEvents.has(event) && takes.get(event);
      if (!take) return deny(response, 404, refusal("invalid", { path: "event" }));
      await take(request.body, answer);
      // A signal has no answer of its own.
      if (!response.headersSent) response.status(204).end();
    },
  );

  routes.get("/api/visitor/poll", async (request, response) => {
    const gone = new AbortController();
    // Before anything is waited for: whoever leaves meanwhile is not to be waited for either.
    response.once("close", () => gone.abort());
    const data = await admitted(request, response);
    if (!data || gone.signal.aborted) return;
    const connection = parts.request(callerOf(data));
    const { mayRead } = receiveVisitor(
      {
        data,
        connection,
        met: (visitor) => seen(data, visitor),
        on: () => undefined,
        join: async () => undefined,
        leave: async () => undefined,
      },
      parts,
    );
    const take = receive(connection, "poll", poll, async (asked) => {
      if (asked.conversation && !(await mayRead(asked.conversation))) return refuse("not_found");
      if (data.visitor) seen(data, data.visitor);
      const found = await polls.wait(asked, data.site, gone.signal);
      if (data.visitor && !gone.signal.aborted) seen(data, data.visitor);
      return { ok: true, ...found };
    });
    const { conversation, since, seen: state } = request.query;
    await take(
      {
        ...(conversation !== undefined && { conversation }),
        ...(since !== undefined && { since: Number(since) }),
        ...(state !== undefined && { seen: state }),
      },
      (value: unknown) => void response.json(value),
    );
  });

  const onError: ErrorRequestHandler = (error, request, response, next) => {
    if (response.headersSent) return next(error);
    const { status } = error as { status?: unknown };
    if (status === 413) return deny(response, 413, refusal("too_large"));
    if (typeof status === "number" && status < 500) {
      return deny(response, 400, refusal("invalid", { path: "payload" }));
    }
    if (!(error instanceof LedgerUnavailable)) {
      parts.failed(`${request.method} /api/visitor`, error);
    }
    deny(response, 503, refusal("unavailable", { retryAfterMs: 1_000 }));
  };
  routes.use("/api/visitor", onError);
  return routes;
}

function statusOf({ code }: Refusal): number {
  if (code === "rate") return 429;
  return code === "not_found" ? 404 : 401;
}

/** Tells callers apart, in memory and in log lines, by a piece of their token's digest. */
const callerOf = ({ tokenHash }: VisitorData): string => `http ${tokenHash.slice(0, 12)}`;
