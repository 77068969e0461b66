import { afterAll, beforeAll, it } from "vitest";
import { nativeStores, type Stores } from "../support/stack.ts";
import { inLanguage, languages } from "./journeys/language.ts";

let stores: Stores;
beforeAll(async () => {
  stores = await nativeStores();
});
afterAll(() => stores.close());

it.each(languages)(
  "[J13] somebody who reads $language chats in it from the launcher to the end",
  (words) => inLanguage(words)({ stores }),
);
