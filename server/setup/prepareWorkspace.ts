import type { WorkspaceId } from "#shared/model/ids.ts";
import { type Config, ConfigError } from "../config.ts";
import type { Clock, Ids, Ledger } from "../ports.ts";
import { demoSiteKey, firstContents, type SignIn } from "./firstContents.ts";

export type Prepared = {
  /** The demo shop's site key, or null when there is no demo. */
  shopSite: string | null;
  /** Passwords made just now: shown once, then only their hashes exist. */
  signIns: readonly SignIn[];
};

/** Fills an empty workspace; an existing one is left as it is. */
export async function prepareWorkspace(parts: {
  config: Config;
  workspace: WorkspaceId;
  ledger: Ledger;
  ids: Ids;
  clock: Clock;
}): Promise<Prepared> {
  const { config, workspace, ledger, ids, clock } = parts;
  let signIns: readonly SignIn[] = [];
  if (await ledger.isEmpty(workspace)) {
    const demo = !config.production;
    const { admin } = config;
    if (!demo && !(admin.email && admin.password)) {
      throw new ConfigError(
        "ADMIN_EMAIL and ADMIN_PASSWORD: must be set for the first start in production, where no demo accounts are made",
      );
    }
    const first = await firstContents({ at: clock.now(), ids, admin, demo });
    await ledger.seed(workspace, first.seed);
    signIns = first.signIns;
  }
  const sites = await ledger.sites(workspace);
  const shop = config.production ? null : sites.find((site) => site.key === demoSiteKey);
  return { shopSite: shop?.key ?? null, signIns };
}
