import { effect, type ReadonlySignal } from "@preact/signals";
import { type Millis, minutes } from "#shared/model/time.ts";
import type { Refusal } from "#shared/protocol/refusals.ts";

/** A ticket refused this early was new: the next one would be refused too. */
const young = minutes(1);

/**
 * A ticket runs out before a visitor who only looks does. When their connection breaks later it must be
 * had anew, and it comes with the frame's page. What they were typing is kept over the reload.
 */
export function reloadForTicket(
  refusal: ReadonlySignal<Refusal | null>,
  { age, reload }: { age(): Millis; reload(): void },
): () => void {
  return effect(() => {
    const { code, path } = refusal.value ?? {};
    if (code === "unauthenticated" && path === "ticket" && age() > young) reload();
  });
}
