import { z } from "zod";

/**
 * The environment, read once and parsed by one schema; the README's configuration table lists the
 * same variables. Everything else in the server receives a `Config`, never `process.env`.
 */
const origin = z.string().refine((text) => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
}, "must be an origin without a path, like https://chat.example.com");

const origins = z
  .string()
  .transform((list) =>
    list
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean),
  )
  .pipe(z.array(origin));

const logLevels = ["trace", "debug", "info", "warn", "error", "silent"] as const;

const whole = (from: number, to: number) => {
  const said = `must be a whole number from ${from} to ${to}`;
  return z.coerce.number(said).int(said).min(from, said).max(to, said);
};

const environment = z.object({
  NODE_ENV: z.string().default("development"),
  PORT: whole(1, 65_535).default(3_000),
  /** Empty means loopback on IPv4 and IPv6. */
  HOST: z.string().default(""),
  PUBLIC_URL: origin.optional(),
  DATA_DIR: z.string().min(1).default("./data"),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: "must look like postgres://user:password@host/database",
    })
    .optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "must look like redis://host:6379" }).optional(),
  SECRET_KEY: z.string().min(32, "needs at least 32 characters").optional(),
  ADMIN_EMAIL: z.email("must be an e-mail address").optional(),
  ADMIN_PASSWORD: z.string().min(12, "needs at least 12 characters").max(256).optional(),
  SITE_ORIGINS: origins.optional(),
  TRUST_PROXY: whole(0, 8).default(0),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(", ")}`).default("warn"),
  SOCKETS_PER_ADDRESS: whole(1, 1_000_000).default(200),
  EVENTS_PER_SECOND: whole(1, 1_000_000).default(50),
});

export type Config = {
  production: boolean;
  port: number;
  /** Addresses to listen on. */
  hosts: readonly string[];
  publicUrl: string;
  dataDir: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  /** Null: one is generated and kept in the data directory. */
  secretKey: string | null;
  admin: { email: string | null; password: string | null };
  /** Origins that may embed the first site's widget, besides the demo shop's. */
  siteOrigins: readonly string[];
  /** How many proxies in front of the server may be believed about the client's address. */
  trustProxy: number;
  logLevel: z.infer<typeof environment>["LOG_LEVEL"];
  /** Open sockets allowed from one address, and events a second allowed from one socket. */
  socketsPerAddress: number;
  eventsPerSecond: number;
};

/** A setting that can't be used; `message` is one sentence naming the variable. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const loopback = ["127.0.0.1", "::1"];

/** Reads the configuration; throws ConfigError with one sentence when something is wrong or too weak. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(`${String(issue?.path[0])}: ${issue?.message}`);
  }
  const e = parsed.data;
  const config: Config = {
    production: e.NODE_ENV === "production",
    port: e.PORT,
    hosts: e.HOST ? [e.HOST] : loopback,
    publicUrl: e.PUBLIC_URL ?? `http://localhost:${e.PORT}`,
    dataDir: e.DATA_DIR,
    databaseUrl: e.DATABASE_URL ?? null,
    redisUrl: e.REDIS_URL ?? null,
    secretKey: e.SECRET_KEY ?? null,
    admin: { email: e.ADMIN_EMAIL ?? null, password: e.ADMIN_PASSWORD ?? null },
    siteOrigins: e.SITE_ORIGINS ?? [],
    trustProxy: e.TRUST_PROXY,
    logLevel: e.LOG_LEVEL,
    socketsPerAddress: e.SOCKETS_PER_ADDRESS,
    eventsPerSecond: e.EVENTS_PER_SECOND,
  };
  refuseWeakSettings(config);
  return config;
}

function refuseWeakSettings(config: Config): void {
  const { protocol, hostname } = new URL(config.publicUrl);
  if (protocol !== "https:" && !isLoopback(hostname)) {
    throw new ConfigError(
      `PUBLIC_URL: ${config.publicUrl} must be https; plain http is allowed on localhost only, because session cookies would travel in the clear`,
    );
  }
  if (config.databaseUrl && !config.secretKey) {
    throw new ConfigError(
      "SECRET_KEY: must be set when DATABASE_URL is, because every node has to share it",
    );
  }
  if (config.production && !config.secretKey) {
    throw new ConfigError(
      "SECRET_KEY: must be set in production (for example: openssl rand -base64 48)",
    );
  }
  if (config.production && config.secretKey && new Set(config.secretKey).size < 12) {
    throw new ConfigError("SECRET_KEY: looks like a placeholder; use a random value in production");
  }
}

const isLoopback = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
