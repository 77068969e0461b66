import type { Namespace, Server, Socket } from "socket.io";
import { ownerOf } from "#shared/model/conversation.ts";
import type { AgentId, ConversationId, WorkspaceId } from "#shared/model/ids.ts";
import { agentCommand } from "#shared/protocol/commands.ts";
import { hello } from "#shared/protocol/hello.ts";
import { refusal } from "#shared/protocol/refusals.ts";
import { list } from "#shared/protocol/requests.ts";
import {
  type AgentToServer,
  type AgentWelcome,
  agentNamespace,
  type Me,
  type ServerToAgent,
} from "#shared/protocol/sockets.ts";
import type { Declare } from "../engine/declare.ts";
import type { Directory } from "../engine/directory.ts";
import type { Dispatch } from "../engine/dispatch.ts";
import type { Touched } from "../engine/notices.ts";
import type { Clock, Desk, Ledger } from "../ports.ts";
import { agreedProtocol } from "./agreedProtocol.ts";
import { followedBy } from "./followed.ts";
import { type FollowingParts, follow } from "./following.ts";
import { keepAlive } from "./keepAlive.ts";
import type { Lists } from "./lists.ts";
import { type Connection, receive, refuse, refuseUnknown } from "./receive.ts";
import { refusedError } from "./refusedError.ts";
import type { Sessions } from "./sessions.ts";
import { oncePerConnection } from "./sockets.ts";

type Data = { agent: AgentId; session: string };
export type AgentSocket = Socket<AgentToServer, ServerToAgent, Record<string, never>, Data>;

export type AgentParts = FollowingParts & {
  workspace: WorkspaceId;
  ledger: Ledger;
  desk: Desk;
  directory: Directory;
  dispatch: Dispatch;
  declare: Declare;
  lists: Lists;
  sessions: Sessions;
  clock: Clock;
  connect(socket: Socket): Connection;
  /** These lists may have changed, on every node. */
  touch(touched: Touched): void;
  /** An agent's console came or went. */
  attendanceChanged(): void;
};

const known = new Set(["hello", "command", "join", "leave", "sync", "receipts", "typing", "list"]);

/** Not `agent:`, which is what following a conversation as an agent is called. */
export const agentRoom = (agent: AgentId): string => `me:${agent}`;
export const sessionRoom = (session: string): string => `session:${session}`;

/** The console's namespace: a session cookie, every conversation readable, only one's own writable. */
export function serveAgents(io: Server, parts: AgentParts): Namespace {
  const agents = io.of(agentNamespace) as Namespace;
  oncePerConnection(agents);
  agents.use((socket, next) => {
    parts.sessions.of(socket.request.headers.cookie).then(
      (found) => {
        if (!found) return next(refusedError(refusal("unauthenticated")));
        Object.assign(socket.data, found);
        next();
      },
      () => next(refusedError(refusal("unavailable"))),
    );
  });
  agents.on("connection", (socket) => attend(socket as AgentSocket, parts));
  return agents;
}

function attend(socket: AgentSocket, parts: AgentParts): void {
  const { workspace, desk, directory, dispatch, declare, delivery, lists, clock } = parts;
  const connection = parts.connect(socket);
  const { agent, session } = socket.data;

  socket.on(
    "hello",
    receive(connection, "hello", hello, async ({ protocol }) => {
      const agreed = agreedProtocol(protocol);
      if (!agreed) return refuse("protocol");
      const me = meOf(directory.agents, agent);
      if (!me) return refuse("forbidden");
      const welcome: AgentWelcome = {
        protocol: agreed,
        logEpoch: parts.logEpoch,
        now: clock.now(),
        me,
        queues: [...directory.queues.values()].map(({ id, name, escalatesTo }) => ({
          id,
          name,
          escalatesTo,
          memberOf: directory.agents.get(agent)?.queues.includes(id) ?? false,
          online: directory.present(id),
        })),
        colleagues: [...directory.agents.values()].map(({ id, name }) => ({ id, name })),
        cannedReplies: [...directory.cannedReplies],
      };
      return { ok: true, ...welcome };
    }),
  );

  socket.on(
    "command",
    receive(connection, "command", agentCommand, async (command) => {
      if (command.kind === "presence") return declare(agent, command);
      return dispatch.send(command, { by: { kind: "agent", id: agent } });
    }),
  );

  socket.on(
    "list",
    receive(connection, "list", list, async (request) => {
      return { ok: true, ...(await lists.window(socket, agent, request.list)) };
    }),
  );

  follow(parts, {
    on: (event, take) => socket.on(event as keyof AgentToServer, take),
    join: (conversation) => delivery.join(socket, "agent", conversation),
    leave: (conversation) => delivery.leave(socket, "agent", conversation),
    connection,
    audience: "agent",
    actor: "agent",
    mayRead: (conversation: ConversationId) => dispatch.read(conversation),
    takesPart: (conversation) => ownerOf(conversation) === agent,
    // A chat's row tells how much of it is unread.
    received: () =>
      parts.touch({ agents: [agent], waiting: false, parked: false, closed: false, held: false }),
  });

  socket.onAny(refuseUnknown(connection, known));
  void socket.join([agentRoom(agent), sessionRoom(session)]);
  keepAlive(
    desk,
    workspace,
    socket,
    { kind: "agent", id: agent },
    { came: parts.attendanceChanged, left: parts.attendanceChanged },
  );
  socket.on("disconnecting", () => delivery.left(followedBy(socket, "agent")));
}

/** What an agent is told about itself; null when the directory doesn't know it. */
function meOf(agents: Directory["agents"], agent: AgentId): Me | null {
  const found = agents.get(agent);
  if (!found || found.disabled) return null;
  const { id, name, email, role, status, capacity, used } = found;
  return { id, name, email, role, status, capacity, used };
}

/** Tells each agent on this node when their own facts change, whatever made the directory notice. */
export function announceMe(directory: Directory, agents: Namespace): () => void {
  let told = directory.agents;
  return directory.onChange(() => {
    const before = told;
    told = directory.agents;
    if (told === before) return;
    for (const id of told.keys()) {
      const room = agentRoom(id);
      if (!agents.adapter.rooms.has(room)) continue;
      const me = meOf(told, id);
      if (me && JSON.stringify(me) !== JSON.stringify(meOf(before, id))) {
        agents.to(room).emit("me", me);
      }
    }
  });
}
