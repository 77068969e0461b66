import type { IncomingMessage } from "node:http";
import type { Namespace, Server, Socket } from "socket.io";
import type { VisitorId } from "#shared/model/ids.ts";
import { refusal } from "#shared/protocol/refusals.ts";
import {
  type ServerToVisitor,
  type VisitorToServer,
  visitorNamespace,
} from "#shared/protocol/sockets.ts";
import type { Desk, SiteRecord } from "../ports.ts";
import type { Admission } from "./admission.ts";
import { followedBy } from "./followed.ts";
import { keepAlive } from "./keepAlive.ts";
import { type Connection, refuseUnknown } from "./receive.ts";
import { refusedError } from "./refusedError.ts";
import { oncePerConnection } from "./sockets.ts";
import { receiveVisitor, type VisitingParts, type VisitorData } from "./visiting.ts";

export type VisitorSocket = Socket<
  VisitorToServer,
  ServerToVisitor,
  Record<string, never>,
  VisitorData
>;

export type VisitorParts = VisitingParts & {
  desk: Desk;
  admission: Admission;
  /** The client's address, as far as it can be believed. */
  addressOf(request: IncomingMessage): string;
  connect(socket: Socket): Connection;
};

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
  const { admission, addressOf } = parts;
  const visitors = io.of(visitorNamespace) as Namespace;
  oncePerConnection(visitors);
  visitors.use((socket, next) => {
    admission.admit(socket.handshake.auth, addressOf(socket.request)).then(
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
