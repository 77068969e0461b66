import type { Journey } from "../../support/scene.ts";
import { embeddedStores, type Stores } from "../../support/stack.ts";
import { firstStart } from "./firstStart.ts";
import { fullHouse } from "./fullHouse.ts";
import { keyboard } from "./keyboard.ts";
import { inLanguage, languages } from "./language.ts";
import { leftMessage } from "./leftMessage.ts";
import { overTls, withoutStorage, withoutTls } from "./otherDomains.ts";
import { phone } from "./phone.ts";
import { slowNetwork } from "./slowNetwork.ts";
import { transfer } from "./transfer.ts";
import { twoScreens } from "./twoScreens.ts";
import { twoTabs } from "./twoTabs.ts";

const [polish, ukrainian] = languages;

/** Every end-to-end journey, for those who play them where things break. */
export const journeys = {
  twoScreens,
  twoTabs,
  leftMessage,
  transfer,
  fullHouse,
  keyboard,
  phone,
  polish: inLanguage(polish),
  ukrainian: inLanguage(ukrainian),
  /** Cut connections are silence enough. */
  slowNetwork: slowNetwork(0),
  overTls,
  withoutStorage,
  withoutTls,
  firstStart,
} satisfies Record<string, Journey>;

export type JourneyName = keyof typeof journeys;

/** What `npm start` gives is the one that is tried on the embedded stores. */
export const storesOf = (name: JourneyName, native: Stores): Stores =>
  name === "firstStart" ? embeddedStores : native;
