import type { Config } from "../config.ts";
import { shopUrl } from "../transport/http/httpApp.ts";
import type { Prepared } from "./prepareWorkspace.ts";

/** A line for each long step, so that nobody wonders whether something happens. */
export const progress = (line: string): void => void process.stdout.write(`${line} …\n`);

/** Where things are, and the sign-ins made at the first start. */
export function announce(config: Config, { shopSite, signIns }: Prepared, seconds: number): void {
  const lines = [`\nParley is ready (${seconds.toFixed(1)} s).\n`];
  if (shopSite) lines.push(`  Demo shop with the bubble   ${shopUrl(config)}`);
  lines.push(`  Console                     ${config.publicUrl}/console`);
  if (signIns.length > 0) {
    lines.push("\n  Sign-ins (shown only this once):");
    for (const { name, role, email, password } of signIns) {
      const shown = password === config.admin.password ? "the one in ADMIN_PASSWORD" : password;
      lines.push(`    ${email.padEnd(20)} ${shown.padEnd(22)} ${name}, ${role}`);
    }
  } else {
    const afresh = config.databaseUrl ? "" : "; `npm run reset` starts afresh";
    lines.push(`\n  Passwords were shown at the first start${afresh}.`);
  }
  if (!config.databaseUrl) {
    lines.push(
      `\n  Data is kept in ${config.dataDir} (embedded database: survives a crash of this process, not a power cut;`,
      "  set DATABASE_URL for production).",
    );
  }
  process.stdout.write(`${lines.join("\n")}\n\n`);
}
