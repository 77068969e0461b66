import type { Link } from "./link.ts";

/** Which Redis answers: changes with a restart, a failover and a copy from another one. */
export type Identity = { run: string; replication: string };

const oldestVersion = 7;

/** Reads the server's identity and refuses a server that could not keep the Desk's promises. */
export async function identify(link: Link): Promise<Identity> {
  const info = await read(link);
  const version = info.get("redis_version") ?? "";
  if (Number.parseInt(version, 10) < oldestVersion) {
    throw new Error(
      `Redis ${oldestVersion}.0 or Valkey 7.2 is the oldest that will do (sharded publish); this one is ${version}`,
    );
  }
  const policy = info.get("maxmemory_policy");
  if (policy !== undefined && policy !== "noeviction") {
    throw new Error(
      `Redis has maxmemory-policy ${policy}: when memory runs short it would drop waiting chats and reservations without a word. Set it to noeviction.`,
    );
  }
  return identityOf(info);
}

export async function identity(link: Link): Promise<Identity> {
  return identityOf(await read(link));
}

function identityOf(info: Map<string, string>): Identity {
  return { run: info.get("run_id") ?? "", replication: info.get("master_replid") ?? "" };
}

async function read(link: Link): Promise<Map<string, string>> {
  const sections = ["server", "memory", "replication"];
  // One section a call: older servers take only one, and are to be told apart by their version.
  const texts = await link.call((client) =>
    Promise.all(sections.map((section) => client.info(section))),
  );
  const lines = texts.join("\n").split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const at = line.indexOf(":");
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : [];
    }),
  );
}
