import type { Namespace, Server, Socket } from "socket.io";
import { z } from "zod";
import type { VisitorId, WorkspaceId } from "#shared/model/ids.ts";
import { type Refusal, refusal } from "#shared/protocol/refusals.ts";
import {
  type ServerToVisitor,
  type VisitorToServer,
  visitorNamespace,
} from "#shared/protocol/sockets.ts";
import type { Directory } from "../engine/directory.ts";
import type { Desk, Ledger, SiteRecord } from "../ports.ts";
import { followedBy } from "./followed.ts";
import { keepAlive } from "./keepAlive.ts";
import { type Connection, refuseUnknown } from "./receive.ts";
import { refusedError } from "./refusedError.ts";
import { secretHash } from "./secretHash.ts";
import { oncePerConnection } from "./sockets.ts";
import type { Tickets } from "./tickets.ts";
import { receiveVisitor, type VisitingParts, type VisitorData } from "./visiting.ts";

const auth = z.object({
  site: z.string().min(1).max(64),
  /** 32 random bytes in base64url, born on the host page (house decision 18). */
  token: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  ticket: z.string().max(2_000).optional(),
});

export type VisitorSocket = Socket<
  VisitorToServer,
  ServerToVisitor,
  Record<string, never>,
  VisitorData
>;

export type AuthenticationParts = {
  workspace: WorkspaceId;
  ledger: Ledger;
  directory: Directory;
  tickets: Tickets;
};

export type VisitorParts = VisitingParts &
  AuthenticationParts & { desk: Desk; connect(socket: Socket): Connection };

export const visitorEvents: ReadonlySet<string> = new Set([
  "hello",
  "command",
  "join",
  "leave",
  "sync",
  "receipts",
  "typing",
]);
const locales = { locale: "en", zone: "UTC" };

export const siteRoom = (site: SiteRecord): string => `site:${site.id}`;

/** The visitors' namespace: a token instead of a cookie, one visitor's own conversations, nothing else. */
export function serveVisitors(io: Server, parts: VisitorParts): Namespace {
  const visitors = io.of(visitorNamespace) as Namespace;
  oncePerConnection(visitors);
  visitors.use((socket, next) => {
    authenticate(socket.handshake.auth, parts).then(
      (result) => {
        if ("refused" in result) return next(refusedError(result.refused));
        Object.assign(socket.data, { ...locales, ...result });
        next();
      },
      () => next(refusedError(refusal("unavailable"))),
    );
  });
  visitors.on("connection", (socket) => attend(socket as VisitorSocket, parts));
  return visitors;
}

/** A visitor's token, which is known or comes with a ticket; nothing is made for it yet. */
export async function authenticate(
  given: unknown,
  { workspace, ledger, directory, tickets }: AuthenticationParts,
): Promise<{ refused: Refusal } | Pick<VisitorData, "site" | "tokenHash" | "visitor">> {
  const parsed = auth.safeParse(given);
  if (!parsed.success) return { refused: refusal("unauthenticated") };
  const site = directory.siteByKey(parsed.data.site);
  if (!site) return { refused: refusal("not_found", { path: "site" }) };
  const tokenHash = secretHash(parsed.data.token);
  const visitor = await ledger.visitorByToken(workspace, site.id, tokenHash);
  if (!visitor) {
    const ticketed = parsed.data.ticket ? await tickets.verify(parsed.data.ticket) : null;
    if (ticketed !== site.id) return { refused: refusal("unauthenticated", { path: "ticket" }) };
  }
  return { site, tokenHash, visitor: visitor?.id ?? null };
}

function attend(socket: VisitorSocket, parts: VisitorParts): void {
  const { workspace, desk, delivery } = parts;
  const connection = parts.connect(socket);
  const { data } = socket;
  const met = (id: VisitorId) => {
    if (socket.connected) keepAlive(desk, workspace, socket, { kind: "visitor", id });
  };
  receiveVisitor(
    {
      data,
      connection,
      met,
      on: (event, take) => socket.on(event as keyof VisitorToServer, take),
      join: (conversation) => delivery.join(socket, "visitor", conversation),
      leave: (conversation) => delivery.leave(socket, "visitor", conversation),
    },
    parts,
  );
  socket.onAny(refuseUnknown(connection, visitorEvents));
  void socket.join(siteRoom(data.site));
  if (data.visitor) met(data.visitor);
  socket.on("disconnecting", () => delivery.left(followedBy(socket, "visitor")));
}
