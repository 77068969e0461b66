import { afterAll, beforeAll, it } from "vitest";
import { nativeStores, type Stores } from "../support/stack.ts";
import { keyboard } from "./journeys/keyboard.ts";

let stores: Stores;
beforeAll(async () => {
  stores = await nativeStores();
});
afterAll(() => stores.close());

it("[J6] needs nothing but a keyboard, on either side", () => keyboard({ stores }));
