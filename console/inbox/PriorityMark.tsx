import type { VNode } from "preact";
import { useSpeech } from "../shell/workbench.ts";
import { stepOf } from "./step.ts";

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
