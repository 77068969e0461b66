// `npm run size`: the weight of what browsers load. --json prints nothing but JSON on standard
// output; --check fails when a goal is missed.
import { bundle } from "./bundle.js";
import { main } from "./main.js";
import { measure } from "./measure.js";

const wants = (/** @type {string} */ flag) => process.argv.includes(flag);

await main(async () => {
  await bundle(console.error);
  const figures = measure();
  if (wants("--json")) {
    const context = { compression: "brotli, quality 11", kB: 1000, node: process.version };
    console.log(JSON.stringify({ name: "size", figures, context }));
  } else {
    for (const { name, value, unit, goal, met } of figures) {
      console.log(
        `${name.padEnd(24)}${value.toFixed(2).padStart(7)} ${unit}  ${goal}  ${met ? "✓" : "✗"}`,
      );
    }
  }
  if (wants("--check") && !figures.every(({ met }) => met))
    throw new Error("A size goal is missed");
});
