/**
 * Identifiers are lowercase UUIDv7 made in JavaScript (decision 1). The brands cost nothing at
 * run time and stop an agent's id from being handed in where a conversation's is meant.
 */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type WorkspaceId = Id<"workspace">;
export type SiteId = Id<"site">;
export type QueueId = Id<"queue">;
export type AgentId = Id<"agent">;
export type VisitorId = Id<"visitor">;
export type ContactId = Id<"contact">;
export type ConversationId = Id<"conversation">;
export type CommandId = Id<"command">;

/** The only shape an id may have on the wire: it also keeps braces and newlines out of Redis keys. */
export const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
