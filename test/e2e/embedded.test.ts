import { it } from "vitest";
import { embeddedStores } from "../support/stack.ts";
import { firstStart } from "./journeys/firstStart.ts";

it("[J1] what `npm start` prints is all one needs for a chat, and SQL holds what both screens show", () =>
  firstStart({ stores: embeddedStores }));
