import type { Refusal } from "#shared/protocol/refusals.ts";

/** A namespace that refuses a socket; Socket.IO hands `data` to the client's connect_error. */
export function refusedError(why: Refusal): Error & { data: Refusal } {
  return Object.assign(new Error(why.code), { data: why });
}
