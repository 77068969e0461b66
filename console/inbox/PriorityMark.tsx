import type { VNode } from "preact";
import { priority as steps } from "#shared/model/priority.ts";
import { useSpeech } from "../shell/workbench.ts";

export type PriorityStep = keyof typeof steps;

/** The named step a priority has reached. */
export function stepOf(priority: number): PriorityStep {
  if (priority >= steps.urgent) return "urgent";
  if (priority >= steps.high) return "high";
  return priority >= steps.normal ? "normal" : "low";
}

/** Bars rather than colour alone, and the word for who cannot see them; nothing for the usual. */
export const PriorityMark = ({ priority }: { priority: number }): VNode | null => {
  const { t } = useSpeech();
  const step = stepOf(priority);
  if (step === "normal") return null;
  return (
    <span class={`priority priority-${step}`} title={t(`priority.${step}`)}>
      <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        <rect x="0" y="8" width="3" height="4" rx="1" />
        <rect x="4.5" y="4.5" width="3" height="7.5" rx="1" />
        <rect x="9" y="1" width="3" height="11" rx="1" />
      </svg>
      <span class="hidden">{t(`priority.${step}`)}, </span>
    </span>
  );
};
