import { bundle } from "./bundle.js";
import { main } from "./main.js";

await main(() => bundle(console.log, { always: true }));
