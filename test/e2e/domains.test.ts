import { afterAll, beforeAll, describe, it } from "vitest";
import { nativeStores, type Stores } from "../support/stack.ts";
import { overTls, withoutStorage, withoutTls } from "./journeys/otherDomains.ts";

describe("a production server behind a proxy, embedded by other domains", () => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await nativeStores();
  });
  afterAll(() => stores.close());

  it("[J3] chats over TLS on two registrable domains", () => overTls({ stores }));

  it("[J4] chats where the browser gives embedded pages no storage", () =>
    withoutStorage({ stores }));

  it("[J5] chats on a page without https", () => withoutTls({ stores }));
});
