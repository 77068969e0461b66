import type { CrowdState } from "./crowd.ts";

/** What is going on, in one line. */
export function told({ arrived, waiting, talking, away, agents, messages }: CrowdState): string {
  const here = waiting + talking;
  const parts = [
    `${count(here, "visitor")} here (${waiting} waiting, ${talking} talking)`,
    ...(away > 0 ? [`${away} will be back`] : []),
    ...(agents > 0 ? [`${count(agents, "agent")} played`] : []),
    `${count(messages, "message")} from ${arrived} so far`,
  ];
  return parts.join(", ");
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
