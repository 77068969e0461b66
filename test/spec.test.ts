import { describe, expect, it } from "vitest";
import {
  mentioned,
  mentionsIn,
  type Naming,
  sectionsOf,
  spec,
  titled,
  titlesIn,
} from "./support/spec.ts";

const text = spec();
const sections = sectionsOf(text);
const promises = sections.flatMap((section) => section.promises);
const promised = new Set(promises.map(({ id }) => id));
const unpromised = (namings: readonly Naming[]) => namings.filter(({ id }) => !promised.has(id));

describe("SPEC.md", () => {
  it("gives each id once, in the section of its area, in order", () => {
    expect(promises.length).toBeGreaterThan(200);
    expect(new Set(sections.map(({ area }) => area)).size).toBe(sections.length);
    for (const { area, promises: own } of sections) {
      expect(own.length, area).toBeGreaterThan(0);
      expect(new Set(own.map((one) => one.area))).toEqual(new Set([area]));
      const numbers = own.map(({ number }) => number);
      expect(numbers, area).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    }
  });

  it("says nothing twice", () => {
    const sentences = promises.map(({ sentence }) => sentence);
    expect(sentences.filter((one, at) => sentences.indexOf(one) !== at)).toEqual([]);
  });

  it("leads to every section", () => {
    const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(links).toEqual(sections.map(({ anchor }) => anchor));
  });

  it("promises only what a test holds", () => {
    const held = new Set(titled().map(({ id }) => id));
    expect(promises.filter(({ id }) => !held.has(id))).toEqual([]);
  });
});

describe("An id", () => {
  it("in a test's title is promised", () => {
    expect(unpromised(titled())).toEqual([]);
  });

  it("in a comment is promised", () => {
    expect(mentioned().length).toBeGreaterThan(20);
    expect(unpromised(mentioned())).toEqual([]);
  });
});

describe("The rules themselves", () => {
  it("find ids in titles", () => {
    // In other brackets here, or these would count as titles themselves.
    const inTests = (source: string) => titlesIn(source.replace(/‹/g, "[").replace(/›/g, "]"));
    const group = 'describe("‹X1› What", () => it("‹X2› ‹X3› does more than ‹X9›", …));';
    expect(inTests(`${group} test.prop([a])(\`‹X4› is so\`)`)).toEqual(["X1", "X2", "X3", "X4"]);
    // Written in another way than titles are, it is an id that nothing promises.
    expect(inTests("it('‹X1, X2› does', …)")).toEqual(["X1, X2"]);
  });

  it("find ids in comments", () => {
    const word = "SPEC";
    expect(mentionsIn(`(${word} X1–X3, Y2 and Z1)`)).toEqual(["X1", "X2", "X3", "Y2", "Z1"]);
    expect(mentionsIn(` * ends here (${word} X1,\n   * X2).`)).toEqual(["X1", "X2"]);
    expect(mentionsIn(`${word} X3–Y1`)).toEqual(["X3–Y1"]);
  });

  it("want a sentence behind each id", () => {
    for (const line of ["- X1 Does.", "- **X1** does", "- **X01** Does."]) {
      expect(() => sectionsOf(`## X area\n\n${line}\n`), line).toThrow("no id and sentence");
    }
  });
});
