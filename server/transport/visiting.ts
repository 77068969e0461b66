import type { Actor } from "#shared/model/actor.ts";
import type { ContactId, ConversationId, VisitorId, WorkspaceId } from "#shared/model/ids.ts";
import { visitorCommand } from "#shared/protocol/commands.ts";
import { hello } from "#shared/protocol/hello.ts";
import type { VisitorWelcome } from "#shared/protocol/sockets.ts";
import type { Directory } from "../engine/directory.ts";
import type { Dispatch } from "../engine/dispatch.ts";
import type { Clock, Ids, Ledger, SiteRecord } from "../ports.ts";
import { agreedProtocol } from "./agreedProtocol.ts";
import { type Follower, type FollowingParts, follow } from "./following.ts";
import type { Positions } from "./positions.ts";
import { type Connection, receive, refuse } from "./receive.ts";

export type VisitingParts = FollowingParts & {
  workspace: WorkspaceId;
  ledger: Ledger;
  directory: Directory;
  dispatch: Dispatch;
  positions: Positions;
  clock: Clock;
  ids: Ids;
};

/** Who is visiting. `visitor` is null until the first command: looking at the bubble leaves nothing behind. */
export type VisitorData = {
  site: SiteRecord;
  tokenHash: string;
  visitor: VisitorId | null;
  locale: string;
  zone: string;
};

export type Visit = Pick<Follower, "on" | "join" | "leave"> & {
  data: VisitorData;
  connection: Connection;
  /** The visitor exists from now on, or was found to. */
  met(visitor: VisitorId): void;
};

/** Everything a visitor may ask, whichever way it comes in: a socket or plain HTTP. */
export function receiveVisitor(visit: Visit, parts: VisitingParts) {
  const { workspace, ledger, directory, dispatch, positions, clock, ids } = parts;
  const { data, connection } = visit;
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
    visit.met(visitor);
  }

  async function mayRead(id: ConversationId) {
    const visitor = await knownVisitor();
    const conversation = visitor && (await dispatch.read(id));
    return conversation && conversation.visitor === visitor ? conversation : null;
  }

  let ensuring: Promise<VisitorId> | null = null;

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

  visit.on(
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

  visit.on(
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
    on: visit.on,
    join: visit.join,
    leave: visit.leave,
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

  return { mayRead };
}
