import { seconds } from "#shared/model/time.ts";
import type { World } from "./world.ts";

export type Receipt = { delivered: number; read: number };

/** Tells how far its side has got (SPEC C11): cumulative, at most once a second. Call it after every change. */
export function receipts(options: {
  world: World;
  wanted(): Receipt;
  /** What the server knows already. */
  known(): Receipt;
  able(): boolean;
  /** False when it was refused for good: the next change tries again. */
  send(receipt: Receipt): Promise<boolean>;
}): () => void {
  const { world, wanted, known, able, send } = options;
  let sentAt = 0;
  let busy = false;

  const due = () =>
    able() && (wanted().delivered > known().delivered || wanted().read > known().read);

  async function tell() {
    sentAt = world.now();
    const more = !due() || (await send(wanted()));
    busy = false;
    if (more) check();
  }

  function check() {
    if (busy || !due()) return;
    busy = true;
    world.after(Math.max(0, sentAt + seconds(1) - world.now()), () => void tell());
  }

  return check;
}
