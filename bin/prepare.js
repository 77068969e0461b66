// What start and test have in common: the packages and the build are those of this checkout.
import { bundle } from "./bundle.js";
import { install } from "./install.js";

/** @param {(line: string) => void} [say] */
export async function prepare(say = console.log) {
  await install(say);
  await bundle(say);
}
