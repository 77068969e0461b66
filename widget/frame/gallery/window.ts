import type { fakeHost, fakeSession } from "./fakes.ts";

declare global {
  interface Window {
    /** What a test looks at and moves. */
    widgetGallery: { session: ReturnType<typeof fakeSession>; host: ReturnType<typeof fakeHost> };
  }
}
