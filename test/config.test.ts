import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "#server/config.ts";

describe("the configuration", () => {
  it("[OP8] has a default for everything a first look needs", () => {
    expect(readConfig({})).toMatchObject({
      port: 3000,
      hosts: ["127.0.0.1", "::1"],
      publicUrl: "http://localhost:3000",
      databaseUrl: null,
      redisUrl: null,
      production: false,
    });
    expect(readConfig({ PORT: "4000" }).publicUrl).toBe("http://localhost:4000");
  });

  it.each([
    [{ PORT: "abc" }, "PORT: must be a whole number from 1 to 65535"],
    [{ PORT: "70000" }, "PORT: must be a whole number from 1 to 65535"],
    [{ PUBLIC_URL: "chat.example.com" }, "PUBLIC_URL: must be an origin"],
    [{ PUBLIC_URL: "https://chat.example.com/path" }, "PUBLIC_URL: must be an origin"],
    [
      { PUBLIC_URL: "http://chat.example.com" },
      "PUBLIC_URL: http://chat.example.com must be https",
    ],
    [{ DATABASE_URL: "mysql://x" }, "DATABASE_URL: must look like postgres://"],
    [{ DATABASE_URL: "postgres://db/parley" }, "SECRET_KEY: must be set when DATABASE_URL is"],
    [{ REDIS_URL: "http://x" }, "REDIS_URL: must look like redis://"],
    [{ SECRET_KEY: "short" }, "SECRET_KEY: needs at least 32 characters"],
    [{ ADMIN_EMAIL: "me" }, "ADMIN_EMAIL: must be an e-mail address"],
    [{ ADMIN_PASSWORD: "short" }, "ADMIN_PASSWORD: needs at least 12 characters"],
    [{ LOG_LEVEL: "loud" }, "LOG_LEVEL: must be one of trace"],
    [{ NODE_ENV: "production" }, "SECRET_KEY: must be set in production"],
    [
      { NODE_ENV: "production", SECRET_KEY: "a".repeat(40) },
      "SECRET_KEY: looks like a placeholder",
    ],
  ])("[OP6] refuses %j in one sentence that names the variable", (env, sentence) => {
    expect(() => readConfig(env)).toThrow(ConfigError);
    expect(() => readConfig(env)).toThrow(sentence);
  });
});
