import type { Namespace, Server, Socket } from "socket.io";
import { z } from "zod";
import type { Actor } from "#shared/model/actor.ts";
import type { ContactId, ConversationId, VisitorId, WorkspaceId } from "#shared/model/ids.ts";
import { visitorCommand } from "#shared/protocol/commands.ts";
import { hello } from "#shared/protocol/hello.ts";
import { type Refusal, refusal } from "#shared/protocol/refusals.ts";
import {
  type ServerToVisitor,
  type VisitorToServer,
  type VisitorWelcome,
  visitorNamespace,
} from "#shared/protocol/sockets.ts";
import type { Directory } from "../engine/directory.ts";
import type { Dispatch } from "../engine/dispatch.ts";
import type { Clock, Desk, Ids, Ledger, SiteRecord } from "../ports.ts";
import { agreedProtocol } from "./agreedProtocol.ts";
import { followedBy } from "./followed.ts";
import { type FollowingParts, follow } from "./following.ts";
import { keepAlive } from "./keepAlive.ts";
import type { Positions } from "./positions.ts";
import { type Connection, receive, refuse, refuseUnknown } from "./receive.ts";
import { refusedError } from "./refusedError.ts";
import { secretHash } from "./secretHash.ts";
import { oncePerConnection } from "./sockets.ts";
import type { Tickets } from "./tickets.ts";

const auth = z.object({
  site: z.string().min(1).max(64),
  /** 32 random bytes in base64url, born on the host page (house decision 18). */
  token: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  ticket: z.string().max(2_000).optional(),
});

type Data = {
  site: SiteRecord;
  tokenHash: string;
  visitor: VisitorId | null;
  locale: string;
  zone: string;
};

export type VisitorSocket = Socket<VisitorToServer, ServerToVisitor, Record<string, never>, Data>;

export type VisitorParts = FollowingParts & {
  workspace: WorkspaceId;
  ledger: Ledger;
  desk: Desk;
  directory: Directory;
  dispatch: Dispatch;
  positions: Positions;
  tickets: Tickets;
  clock: Clock;
  ids: Ids;
  connect(socket: Socket): Connection;
};

const known = new Set(["hello", "command", "join", "leave", "sync", "receipts", "typing"]);
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

async function authenticate(
  given: unknown,
  { workspace, ledger, directory, tickets }: VisitorParts,
): Promise<{ refused: Refusal } | Pick<Data, "site" | "tokenHash" | "visitor">> {
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
  const { workspace, ledger, desk, directory, dispatch, delivery, positions, clock, ids } = parts;
  const connection = parts.connect(socket);
  const { data } = socket;
  const actor = (visitor: VisitorId): Actor => ({ kind: "visitor", id: visitor });

  /** Another tab with the same token may have made the visitor since this one connected. */
  async function knownVisitor(): Promise<VisitorId | null> {
    if (data.visitor) return data.visitor;
    if (ensuring !== null) return ensuring;
    const known = await ledger.visitorByToken(workspace, data.site.id, data.tokenHash);
    if (known) met(known.id);
    return data.visitor;
  }

  function met(visitor: VisitorId): void {
    if (data.visitor) return;
    data.visitor = visitor;
    if (socket.connected) keepAlive(desk, workspace, socket, { kind: "visitor", id: visitor });
  }

  async function mayRead(id: ConversationId) {
    const visitor = await knownVisitor();
    const conversation = visitor && (await dispatch.read(id));
    return conversation && conversation.visitor === visitor ? conversation : null;
  }

  let ensuring: Promise<VisitorId> | null = null;

  /** A visitor exists from the first command on: looking at the bubble leaves nothing behind. */
  function ensureVisitor(): Promise<VisitorId> | VisitorId {
    if (data.visitor) return data.visitor;
    // What comes right behind the first command waits for the same visitor.
    ensuring ??= makeVisitor().finally(() => {
      ensuring = null;
    });
    return ensuring;
  }

  async function makeVisitor(): Promise<VisitorId> {
    const { id } = await ledger.ensureVisitor(workspace, data.site.id, data.tokenHash, {
      id: ids.next() as VisitorId,
      contact: ids.next() as ContactId,
      locale: data.locale,
      zone: data.zone,
      at: clock.now(),
    });
    met(id);
    return id;
  }

  socket.on(
    "hello",
    receive(connection, "hello", hello, async ({ protocol, locale, zone }) => {
      const agreed = agreedProtocol(protocol);
      if (!agreed) return refuse("protocol");
      data.locale = locale;
      data.zone = zone;
      const visitor = await knownVisitor();
      const latest = visitor && (await ledger.latestConversation(workspace, visitor));
      const welcome: VisitorWelcome = {
        protocol: agreed,
        logEpoch: parts.logEpoch,
        now: clock.now(),
        site: { name: data.site.name, accent: data.site.accent },
        staffed: directory.staffed(data.site.queue),
        conversation: latest?.id ?? null,
      };
      return { ok: true, ...welcome };
    }),
  );

  socket.on(
    "command",
    receive(connection, "command", visitorCommand, async (command) => {
      const visitor = command.kind === "start" ? await ensureVisitor() : await knownVisitor();
      if (!visitor) return refuse("not_found");
      const { site, locale, zone } = data;
      const arrival = { site: site.id, visitor, queue: site.queue, locale, zone };
      return dispatch.send(command, { by: actor(visitor), arrival });
    }),
  );

  follow(parts, {
    socket,
    connection,
    audience: "visitor",
    actor: "visitor",
    mayRead,
    takesPart: () => true,
    joined(conversation) {
      if (conversation.status === "queued") {
        positions.tell(conversation.id).catch(() => positions.touch());
      }
    },
  });

  socket.onAny(refuseUnknown(connection, known));
  void socket.join(siteRoom(data.site));
  if (data.visitor) keepAlive(desk, workspace, socket, { kind: "visitor", id: data.visitor });
  socket.on("disconnecting", () => delivery.left(followedBy(socket, "visitor")));
}
