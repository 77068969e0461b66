import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { accentFor, contrast, isColour, textContrast } from "#shared/look/contrast.ts";

const colour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, "0")}`);

describe("contrast", () => {
  it("[W20] measures what WCAG measures", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#ffffff", "#ffffff")).toBe(1);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.478, 2);
  });

  test.prop([colour, fc.constantFrom("#f1f2f6", "#23262e")])(
    "[W21] any accent stays readable, filled and as text",
    (accent, ground) => {
      const made = accentFor(accent, ground);
      expect(contrast(made.onAccent, made.accent)).toBeGreaterThanOrEqual(textContrast);
      expect(contrast(made.accentText, ground)).toBeGreaterThanOrEqual(textContrast);
    },
  );

  it("[W21] leaves an accent alone where it can be read already", () => {
    expect(accentFor("#3f51d1", "#f1f2f6")).toEqual({
      accent: "#3f51d1",
      onAccent: "#ffffff",
      accentText: "#3f51d1",
    });
  });

  it("[W21] moves an accent that would vanish on its ground", () => {
    for (const [accent, ground] of [
      ["#101820", "#15171c"],
      ["#ffffff", "#ffffff"],
    ] as const) {
      expect(contrast(accentFor(accent, ground).accent, ground)).toBeGreaterThan(1.4);
    }
    expect(accentFor("#ffd43b", "#ffffff").accent).not.toBe("#ffffff");
  });

  it("[W21] takes only #rrggbb for a colour", () => {
    expect(["#3f51d1", "#ABCDEF"].every(isColour)).toBe(true);
    expect(["red", "#fff", "#3f51d1;}", "url(x)", ""].some(isColour)).toBe(false);
  });
});
