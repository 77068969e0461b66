import type { Audience } from "#shared/model/audience.ts";
import type { WorkspaceId } from "#shared/model/ids.ts";
import { seconds } from "#shared/model/time.ts";
import type { Ledger } from "../ports.ts";
import type { Delivery } from "./deliver.ts";
import { headFor } from "./headFor.ts";

const every = seconds(15);

/** Tells everybody where the logs they follow end, so that a silently lost event is noticed (LOG-1, 10). */
export function startHeads(parts: {
  workspace: WorkspaceId;
  ledger: Ledger;
  delivery: Delivery;
  logEpoch: string;
  warn(message: string, error: unknown): void;
}): () => void {
  const { workspace, ledger, delivery, logEpoch, warn } = parts;
  async function tell(audience: Audience): Promise<void> {
    const followed = delivery.followed(audience);
    if (followed.length === 0) return;
    const heads = await ledger.heads(workspace, followed);
    delivery.emitHeads(
      audience,
      [...heads].map(([conversation, head]) => headFor(audience, conversation, head)),
      logEpoch,
    );
  }
  const timer = setInterval(() => {
    Promise.all([tell("visitor"), tell("agent")]).catch((error) =>
      warn("telling heads failed", error),
    );
  }, every);
  return () => clearInterval(timer);
}
