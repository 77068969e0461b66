/**
 * What a message can hold (decision 15). Every form has a plain `fallback`, so that a client
 * which doesn't know a newer form still shows something true. Text is plain; clients may render the
 * small subset named in docs/protocol.md.
 */
export type MessageContent = TextContent;

export type TextContent = { type: "text"; text: string };

/** In characters (UTF-16 units), after trimming. LibreDesk has the same limit. */
export const messageTextLimit = 10_000;
export const noteTextLimit = 10_000;
export const visitorNameLimit = 80;

/** What to show where only plain text fits: previews, notifications, unknown forms. */
export const plainText = (content: MessageContent): string => content.text;
