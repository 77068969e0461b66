/** `offline` is the browser's own word; `refused` is final until the page does something about it. */
export type ConnectionState = "connecting" | "online" | "reconnecting" | "offline" | "refused";
