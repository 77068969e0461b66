import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrast, controlContrast, textContrast } from "#shared/look/contrast.ts";

const css = readFileSync(new URL("../../shared/look/tokens.css", import.meta.url), "utf8");
const pairs = /--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g;
const colours = new Map(
  [...css.matchAll(pairs)].map(([, name, light, dark]) => [name as string, { light, dark }]),
);

const colour = (name: string, theme: "light" | "dark"): string => {
  const found = colours.get(name)?.[theme];
  if (!found) throw new Error(`no colour --${name}`);
  return found;
};

const grounds = ["sunken", "surface", "raised", "overlay"];
const words = ["text", "muted", "accent-text", "success", "warning", "danger", "info"];
const text = [
  ...grounds.flatMap((ground) => words.map((word) => [word, ground] as const)),
  ["on-accent", "accent"] as const,
  ["on-danger", "danger"] as const,
  ...["accent", "success", "warning", "danger", "info"].flatMap((tint) => [
    [tint === "accent" ? "accent-text" : tint, `${tint}-soft`] as const,
    ["text", `${tint}-soft`] as const,
    ["muted", `${tint}-soft`] as const,
  ]),
];
const controls = grounds.flatMap((ground) => [
  ["line-strong", ground] as const,
  ["accent", ground] as const,
]);

describe.each(["light", "dark"] as const)("the %s theme", (theme) => {
  it.each(text)("[W20] --%s can be read on --%s", (ink, ground) => {
    expect(contrast(colour(ink, theme), colour(ground, theme))).toBeGreaterThanOrEqual(
      textContrast,
    );
  });

  it.each(controls)("[W20] --%s can be seen on --%s", (edge, ground) => {
    expect(contrast(colour(edge, theme), colour(ground, theme))).toBeGreaterThanOrEqual(
      controlContrast,
    );
  });
});
