import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { linkify } from "#shared/client/linkify.ts";

const links = (text: string) =>
  linkify(text).flatMap(({ text: shown, href }) => (href === undefined ? [] : [[shown, href]]));

describe("links in messages", () => {
  it.each([
    ["https://example.com", "https://example.com/"],
    ["http://example.com/a?b=c#d", "http://example.com/a?b=c#d"],
    ["https://en.wikipedia.org/wiki/Bean_(plant)", "https://en.wikipedia.org/wiki/Bean_(plant)"],
    ["https://приклад.укр/шлях", "https://xn--80aikifvh.xn--j1amh/%D1%88%D0%BB%D1%8F%D1%85"],
    ["HTTPS://EXAMPLE.COM/Path", "https://example.com/Path"],
  ])("[W32] finds %s", (shown, href) => {
    expect(links(`see ${shown} there`)).toEqual([[shown, href]]);
    expect(links(shown)).toEqual([[shown, href]]);
  });

  it.each([
    ["(https://example.com/a)", "https://example.com/a"],
    ["https://example.com/a.", "https://example.com/a"],
    ["https://example.com/a?!…", "https://example.com/a"],
    ["[https://example.com/a],", "https://example.com/a"],
    ["“https://example.com/a”", "https://example.com/a"],
    ["„https://example.com/a”", "https://example.com/a"],
    ["**https://example.com/a**", "https://example.com/a"],
    ["https://example.com/a<b>", "https://example.com/a"],
    ["https://example.com/a\u202Eb", "https://example.com/a"],
  ])("[W32] leaves the sentence out of %s", (text, href) => {
    expect(links(text)).toEqual([[href, href]]);
  });

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt://example.com/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "//example.com",
    "www.example.com",
    "example.com",
    "https://",
    "https:// example.com",
    "https://user@evil.example/",
    "https://bank.example:pw@evil.example/login",
    "xhttps://example.com",
    "http://[",
    "https://%00/",
    "[click](javascript:alert(1))",
    '<a href="javascript:alert(1)">x</a>',
    "<img src=x onerror=alert(1)>",
    "&#106;avascript:alert(1)",
    "java\tscript:alert(1)",
  ])("[W33] makes no link of %s", (text) => {
    expect(linkify(text)).toEqual([{ text }]);
  });

  test.prop([
    fc.array(
      fc.oneof(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom(
          "https://",
          "http://a.b",
          "javascript:",
          "(",
          ")",
          "@",
          " ",
          "\n",
          '"',
          "'",
          "<",
          ".",
        ),
      ),
    ),
  ])("[W33] never loses or changes a character, and links only to http and https", (parts) => {
    const text = parts.join("");
    const pieces = linkify(text);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    for (const { href } of pieces) {
      if (href === undefined) continue;
      const url = new URL(href);
      expect(["http:", "https:"]).toContain(url.protocol);
      expect(url.username + url.password).toBe("");
    }
  });

  it("[W33] takes no longer for a text made to be slow", () => {
    // Far beyond any message: what took time by the square of the length would not end with the test.
    const many = 500_000;
    for (const text of [
      `https://a${"(".repeat(many)}`,
      `https://a${")".repeat(many)}`,
      `https://a${".,".repeat(many / 2)}x`,
    ]) {
      const pieces = linkify(text);
      expect(pieces.map((piece) => piece.text).join("") === text).toBe(true);
    }
  });
});
