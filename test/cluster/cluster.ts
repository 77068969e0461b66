import { freePort } from "../support/freePort.ts";
import {
  type Parley,
  type PrintedSignIn,
  removeFolder,
  runParley,
  temporaryFolder,
} from "../support/process.ts";
import { startBalancer } from "./balancer.ts";

/** Several servers on one PostgreSQL and one Redis behind one address. */
export type Cluster = {
  /** Where people go, and the origin of all pages. */
  readonly url: string;
  readonly publicUrl: string;
  readonly signIns: readonly PrintedSignIn[];
  readonly nodes: readonly Parley[];
  /** Starts a node that ended again, on the same port. */
  restart(index: number): Promise<void>;
  close(): Promise<void>;
};

export type ClusterOptions = {
  nodes: number;
  databaseUrl: string;
  redisUrl: string;
  port?: number;
  env?: Readonly<Record<string, string>>;
};

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const ports: number[] = [];
  for (let i = 0; i < options.nodes; i += 1) ports.push(await freePort());
  const balancer = await startBalancer(ports, options.port);
  const publicUrl = `http://localhost:${balancer.port}`;
  const dataDir = await temporaryFolder();
  const env = {
    PUBLIC_URL: publicUrl,
    // The shop is a stranger's site: the same server under another name.
    SITE_ORIGINS: `http://127.0.0.1:${balancer.port}`,
    DATABASE_URL: options.databaseUrl,
    REDIS_URL: options.redisUrl,
    SECRET_KEY: "only for trying, and the same on every node",
    SOCKETS_PER_ADDRESS: "10000",
    ...options.env,
  };
  const start = (port: number) => runParley({ port, dataDir, env });
  const nodes: Parley[] = [];
  const close = async () => {
    await Promise.all(nodes.map((node) => node.end()));
    await balancer.close();
    await removeFolder(dataDir);
  };
  try {
    // The first one fills an empty database; then it shows the sign-ins.
    const first = await start(ports[0] ?? 0);
    nodes.push(first);
    const { signIns } = await first.ready();
    for (const port of ports.slice(1)) nodes.push(await start(port));
    await Promise.all(nodes.map((node) => node.ready()));
    return {
      url: `http://127.0.0.1:${balancer.port}`,
      publicUrl,
      signIns,
      nodes,
      async restart(index) {
        const again = await start(ports[index] ?? 0);
        nodes[index] = again;
        await again.ready();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
