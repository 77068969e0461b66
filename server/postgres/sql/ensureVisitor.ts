import type { SiteId, WorkspaceId } from "#shared/model/ids.ts";
import type { Ledger, VisitorRecord } from "../../ports.ts";
import type { Driver } from "../driver.ts";
import { visitorByToken } from "./visitorByToken.ts";

/** Finds or creates the token's visitor; whoever comes second gets what the first one made. */
export async function ensureVisitor(
  driver: Driver,
  workspace: WorkspaceId,
  site: SiteId,
  tokenHash: string,
  fresh: Parameters<Ledger["ensureVisitor"]>[3],
): Promise<VisitorRecord> {
  const known = await visitorByToken(driver, workspace, site, tokenHash);
  if (known) return known;
  // The contact follows from the visitor, so losing the race leaves none behind.
  const [made] = await driver.query<VisitorRecord>(
    `with made as (
       insert into visitor (workspace, site, token_hash, id, contact, locale, zone, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)
       on conflict (workspace, site, token_hash) do nothing
       returning workspace, id, site, contact, created_at
     ), met as (
       insert into contact (workspace, id, created_at)
       select workspace, contact, created_at from made
     )
     select id, site from made`,
    [workspace, site, tokenHash, fresh.id, fresh.contact, fresh.locale, fresh.zone, fresh.at],
  );
  const visitor = made ?? (await visitorByToken(driver, workspace, site, tokenHash));
  if (!visitor) throw new Error(`visitor ${fresh.id} was neither made nor found`);
  return visitor;
}
