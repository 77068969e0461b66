import { afterAll, beforeAll, describe, it } from "vitest";
import { nativeStores, type Stores } from "../support/stack.ts";
import { fullHouse } from "./journeys/fullHouse.ts";
import { leftMessage } from "./journeys/leftMessage.ts";
import { transfer } from "./journeys/transfer.ts";
import { twoScreens } from "./journeys/twoScreens.ts";
import { twoTabs } from "./journeys/twoTabs.ts";

describe("chats on native Redis and PostgreSQL", () => {
  let stores: Stores;
  beforeAll(async () => {
    stores = await nativeStores();
  });
  afterAll(() => stores.close());

  it("[J2] a chat is the same on both screens and in SQL, through reloads and another page", () =>
    twoScreens({ stores }));

  it("[J9] a visitor's two tabs stay in step, whichever one they write in", () =>
    twoTabs({ stores }));

  it("[J10] what is written while nobody is online waits for the first agent who comes", () =>
    leftMessage({ stores }));

  it("[J11] a transfer hands the chat and a note to a colleague, unseen by the visitor", () =>
    transfer({ stores }));

  it("[J12] an agent never holds more than four chats; who is fifth waits and sees their place", () =>
    fullHouse({ stores }));
});
