import type { ConversationId } from "../model/ids.ts";

/**
 * The one list of codes a refusal can carry. `true` means the same command may be sent again as it
 * is; `false` means it will never be taken as it is.
 */
export const refusalCodes = {
  invalid: false,
  too_large: false,
  unauthenticated: false,
  forbidden: false,
  not_found: false,
  closed: false,
  command_conflict: false,
  fenced: false,
  moved: false,
  full: false,
  epoch: false,
  protocol: false,
  rate: true,
  retry: true,
  unavailable: true,
  draining: true,
} as const satisfies Record<string, boolean>;

export type RefusalCode = keyof typeof refusalCodes;

export type Refusal = {
  code: RefusalCode;
  retry: boolean;
  retryAfterMs?: number;
  /** Where in the payload the first problem is, e.g. `content.text`. */
  path?: string;
  /** `closed`: the window for reopening is over; make a new conversation id and send again. */
  startNew?: true;
  /** `moved`: the visitor's open conversation; send the command there under the same id. */
  conversation?: ConversationId;
};

export const refusal = (
  code: RefusalCode,
  more: Omit<Refusal, "code" | "retry"> = {},
): Refusal => ({ code, retry: refusalCodes[code], ...more });
