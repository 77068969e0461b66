import { afterAll, beforeAll, it } from "vitest";
import { nativeStores, type Stores } from "../support/stack.ts";
import { phone } from "./journeys/phone.ts";

let stores: Stores;
beforeAll(async () => {
  stores = await nativeStores();
});
afterAll(() => stores.close());

it("[J7] fits a small phone on both sides", () => phone({ stores }));
