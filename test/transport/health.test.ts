import { afterEach, describe, expect, it } from "vitest";
import { startServer, type TestServer } from "../support/server.ts";
import { type MemoryServer, memoryServer } from "./support/memoryServer.ts";

let stores: MemoryServer;
let server: TestServer;
afterEach(async () => {
  await server.close();
  await stores.close();
});

describe("/health/ready", () => {
  it("[OP9] asks the stores once a second however often it is asked, and sees them go and come", async () => {
    stores = await memoryServer();
    let asked = 0;
    const ledger = {
      ...stores.ledger,
      now() {
        asked += 1;
        return stores.ledger.now();
      },
    };
    server = await startServer(
      { ledger, desk: stores.desk },
      { world: { workspace: stores.workspace } },
    );
    const ready = async () => (await fetch(`${server.url}/health/ready`)).json();
    const before = asked;
    const answers = await Promise.all(Array.from({ length: 60 }, ready));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["ready"]));
    expect(asked - before).toBeLessThanOrEqual(2);
    stores.desk.setAway(true);
    await expect.poll(async () => (await ready()).status, { timeout: 3_000 }).toBe("degraded");
    stores.ledger.setAway(true);
    await expect.poll(async () => (await ready()).status, { timeout: 3_000 }).toBe("unavailable");
    stores.ledger.setAway(false);
    stores.desk.setAway(false);
    await expect.poll(async () => (await ready()).status, { timeout: 3_000 }).toBe("ready");
  });
});
