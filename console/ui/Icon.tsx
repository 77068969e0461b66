import type { VNode } from "preact";

/** Drawn for 20 × 20, stroke only, so that one weight holds everywhere. */
const paths = {
  chats: "M4 5.5h12v8H9.5L6 16.5v-3H4z",
  waiting: "M10 3.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M10 6.5V10l2.5 1.5",
  parked: "M10 3.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13M8.2 7.5v5M11.8 7.5v5",
  closed: "M3.5 4.5h13V8h-13zM4.5 8v7.5h11V8M8 11h4",
  bell: "M6 9a4 4 0 0 1 8 0c0 3.5 1.5 4.5 1.5 4.5h-11S6 12.5 6 9M8.5 16h3",
  bellOff: "M6 9a4 4 0 0 1 6.5-3.1M14 9c0 3.5 1.5 4.5 1.5 4.5H7M8.5 16h3M4 4l12 12",
  find: "M9 4.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9M12.5 12.5L16.5 16.5",
  keyboard: "M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.5h7",
  commands: "M4 4.5h12v11H4zM7 8l2.5 2L7 12M11 12.5h2.5",
  reply: "M8 5L3.5 9.5L8 14M3.5 9.5H13a3.5 3.5 0 0 1 3.5 3.5v2",
  back: "M12 4.5L6.5 10L12 15.5",
  close: "M5 5l10 10M15 5L5 15",
  panel: "M3.5 4.5h13v11h-13zM12 4.5v11",
  transfer: "M4 7h11M12 4l3 3l-3 3M16 13H5M8 10l-3 3l3 3",
  done: "M4.5 10.5l3.5 3.5l7.5-8",
  lock: "M5.5 9h9v7h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9",
  send: "M4 10L16 4.5L12.5 16L9.5 11.5zM9.5 11.5L16 4.5",
  copy: "M7 7h8.5v8.5H7zM4.5 12.5V4.5h8",
  eye: "M2.5 10S5 5 10 5s7.5 5 7.5 5s-2.5 5-7.5 5s-7.5-5-7.5-5M10 8a2 2 0 1 0 0 4a2 2 0 0 0 0-4",
  eyeOff:
    "M4 7.5C3 8.7 2.5 10 2.5 10S5 15 10 15c1 0 2-.2 2.8-.6M8 5.2C8.6 5.1 9.3 5 10 5c5 0 7.5 5 7.5 5s-.6 1.3-1.8 2.5M4 4l12 12",
  down: "M5.5 8L10 12.5L14.5 8",
  right: "M8 5.5L12.5 10L8 14.5",
  out: "M8 4.5H4.5v11H8M8.5 10H16M13 7l3 3l-3 3",
  clock: "M10 4.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 0 0 0-11M10 7v3h2.5",
  check: "M5 10.5l3.2 3.2L15 6.5",
  checks: "M2.5 10.5l3.2 3.2L12.5 6.5M9 13l.7.700L16.5 6.5",
  alert: "M10 6.5v4.5M10 13.5h.01M10 3L17.5 16.5h-15z",
  sliders: "M3.5 6.5h7M14.5 6.5h2M3.5 13.5h2M9.5 13.5h7M12.5 4.5v4M7.5 11.5v4",
  up: "M10 15.5V5M5.5 9.5L10 5l4.5 4.5",
} as const;

export type IconName = keyof typeof paths;

/** Decoration: what it means is always said in words beside it or in the control's name. */
export const Icon = ({ name, size = 20 }: { name: IconName; size?: number }): VNode => (
  <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
    <path d={paths[name]} />
  </svg>
);
