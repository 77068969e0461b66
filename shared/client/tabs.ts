/** Tells the same visitor's other tabs which conversation was begun here. */
export type Tabs = { tell(conversation: string): void; close(): void };

/** By BroadcastChannel where the browser allows it; without it the other tab learns at its next hello. */
export function browserTabs(name: string, hear: (conversation: string) => void): Tabs {
  try {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => typeof data === "string" && hear(data);
    return {
      tell: (conversation) => channel.postMessage(conversation),
      close: () => channel.close(),
    };
  } catch {
    // Absent or forbidden in this frame, which is no fault: the server keeps the tabs in step.
    return { tell() {}, close() {} };
  }
}
