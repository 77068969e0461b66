import type { chat } from "./cast.ts";
import type { FakeSession } from "./fakeSession.ts";

declare global {
  interface Window {
    /** What tests reach into: the running scene's session, and a way to make chats for it. */
    gallery: { session: FakeSession | null; chat: typeof chat };
  }
}
