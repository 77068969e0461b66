import type { VNode } from "preact";
import type { Instant } from "#shared/model/time.ts";
import { useSpeech, useWorkbench } from "../shell/workbench.ts";
import { clockDuration } from "../ui/duration.ts";

/** A wait that ticks. Alone in its component, so that each second redraws a few digits and no row. */
export const Waited = ({ since, kind = "" }: { since: Instant; kind?: string }): VNode => {
  const { now } = useWorkbench();
  const { locale } = useSpeech();
  return (
    <span class={`waited ${kind}`} aria-hidden="true">
      {clockDuration(now.value - since, locale)}
    </span>
  );
};
