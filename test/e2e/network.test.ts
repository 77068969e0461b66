import { afterAll, beforeAll, it } from "vitest";
import { minutes, seconds } from "#shared/model/time.ts";
import { nativeStores, type Stores } from "../support/stack.ts";
import { slowNetwork } from "./journeys/slowNetwork.ts";

let stores: Stores;
beforeAll(async () => {
  stores = await nativeStores();
});
afterAll(() => stores.close());

it(
  "[J8] bears a slow network, and twenty seconds without any while both sides write on",
  () => slowNetwork(seconds(20))({ stores }),
  minutes(2),
);
