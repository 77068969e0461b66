/** What an agent says of itself. Kept in SQL; whether the console is really there is liveness, kept in Redis. */
export type DeclaredStatus = "online" | "away";

/** Where an agent stands for routing: only `online` gets new chats, `finishing` keeps those it has. */
export type Presence = "online" | "away" | "finishing" | "offline";

/** `owner` and `supervisor` see and steer the whole floor; `agent` works its own chats. */
export type Role = "owner" | "supervisor" | "agent";

/** Hundredths of a chat (decision 7): the default capacity of 400 is four ordinary chats. */
export type Units = number;

export const oneChat: Units = 100;
export const defaultCapacity: Units = 400;
