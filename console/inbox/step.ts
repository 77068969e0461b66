import { priority as steps } from "#shared/model/priority.ts";

export type PriorityStep = keyof typeof steps;

/** The named step a priority has reached. */
export function stepOf(priority: number): PriorityStep {
  if (priority >= steps.urgent) return "urgent";
  if (priority >= steps.high) return "high";
  return priority >= steps.normal ? "normal" : "low";
}
