import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import { frameLimit } from "#server/transport/sockets.ts";
import { reopenWindow } from "#shared/model/conversation.ts";
import { messageTextLimit, noteTextLimit, visitorNameLimit } from "#shared/model/message.ts";
import { hours } from "#shared/model/time.ts";
import { agentCommand, visitorCommand } from "#shared/protocol/commands.ts";
import { hello } from "#shared/protocol/hello.ts";
import { refusalCodes } from "#shared/protocol/refusals.ts";
import * as requests from "#shared/protocol/requests.ts";
import { memoryServer } from "./support/memoryServer.ts";
import { protocolRun, type Samples } from "./support/protocolRun.ts";
import { play } from "./support/transcript.ts";

type Example = { name: string; value: unknown };

let text: string;
let examples: Example[];
let samples: Samples;

beforeAll(async () => {
  text = await readFile(join(import.meta.dirname, "../../docs/protocol.md"), "utf8");
  examples = [...text.matchAll(/^```json (.+)\n([\s\S]*?)^```$/gm)].map(
    ([, name = "", json = ""]) => ({
      name,
      value: JSON.parse(json),
    }),
  );
  samples = await protocolRun();
});

const named = (start: string) => examples.filter(({ name }) => name.startsWith(start));

/** What a value is made of: every key with the kind of thing it holds. Null fits everything. */
function differs(one: unknown, other: unknown, path = "it"): string | null {
  if (one === null || other === null) return null;
  if (Array.isArray(one) && Array.isArray(other)) {
    const [first] = other;
    if (first === undefined) return null;
    return firstOf(one.map((item, i) => bestMatch(item, other, `${path}[${i}]`)));
  }
  if (Array.isArray(one) || Array.isArray(other) || typeof one !== typeof other) {
    return `${path} is not the same kind of thing`;
  }
  if (typeof one !== "object" || typeof other !== "object") return null;
  const [mine, theirs] = [Object.keys(one).sort(), Object.keys(other).sort()];
  if (mine.join() !== theirs.join()) return `${path} has ${mine}, the run has ${theirs}`;
  const values = other as Record<string, unknown>;
  return firstOf(
    Object.entries(one).map(([key, value]) => differs(value, values[key], `${path}.${key}`)),
  );
}

const firstOf = (differences: (string | null)[]) => differences.find((one) => one !== null) ?? null;

/** Null when it is like one of them. */
function bestMatch(value: unknown, all: readonly unknown[], path: string): string | null {
  const differences = all.map((other) => differs(value, other, path));
  return differences.includes(null) ? null : (differences[0] ?? null);
}

describe("the document of the protocol", () => {
  const schemas: Record<string, z.ZodType> = {
    hello,
    join: requests.join,
    leave: requests.leave,
    sync: requests.sync,
    receipts: requests.receipts,
    typing: requests.typing,
    list: requests.list,
    poll: requests.poll,
  };
  const kindsOf = (union: { options: readonly { shape: { kind: { value: string } } }[] }) =>
    union.options.map(({ shape }) => shape.kind.value).sort();

  it("[P20] shows every command and request as the server takes it", () => {
    for (const [side, schema] of [
      ["visitor", visitorCommand],
      ["agent", agentCommand],
    ] as const) {
      const shown = named(`command ${side} `);
      for (const { name, value } of shown) {
        expect(schema.safeParse(value).error, name).toBeUndefined();
        expect(name).toBe(`command ${side} ${(value as { kind: string }).kind}`);
      }
      expect(shown.map(({ name }) => name.split(" ")[2]).sort()).toEqual(kindsOf(schema));
    }
    for (const [name, schema] of Object.entries(schemas)) {
      const [shown] = named(`request ${name}`);
      expect(schema.safeParse(shown?.value).error, name).toBeUndefined();
    }
    expect(named("request")).toHaveLength(Object.keys(schemas).length);
  });

  it("[P20] shows answers, events, signals and HTTP bodies with exactly the keys of a real run", () => {
    const said = examples.filter(({ name }) => /^(answer|event|signal|refusal|http) /.test(name));
    expect(said.length).toBeGreaterThan(30);
    for (const { name, value } of said) {
      const seen = samples.get(name);
      expect(seen, `nothing called "${name}" happened in the run`).toBeDefined();
      expect(bestMatch(value, seen ?? [], name)).toBeNull();
    }
  });

  it("[P20] leaves nothing out that happened in the run", () => {
    const shown = new Set(examples.map(({ name }) => name));
    const either = (name: string) => [
      name,
      name.replace(/ (visitor|agent) /, " visitor "),
      name.replace(/ (visitor|agent) /, " agent "),
    ];
    for (const name of samples.keys()) {
      if (name.startsWith("refusal ")) expect(text).toContain(`| \`${name.slice(8)}\` |`);
      else
        expect(
          either(name).some((one) => shown.has(one)),
          name,
        ).toBe(true);
    }
  });

  it("[P20] lists every code with its retry flag", () => {
    const rows = [...text.matchAll(/^\| `(\w+)` \| (yes|no) \|/gm)];
    const listed = Object.fromEntries(rows.map(([, code, retry]) => [code, retry === "yes"]));
    expect(listed).toEqual(refusalCodes);
    for (const { value } of named("refusal ")) {
      const { refusal } = value as { refusal: { code: keyof typeof refusalCodes; retry: boolean } };
      expect(refusal.retry).toBe(refusalCodes[refusal.code]);
    }
  });

  it("[P20] names the limits that hold", () => {
    const number = (value: number) => value.toLocaleString("en");
    expect(text).toContain(`| one frame | ${number(frameLimit)} bytes |`);
    expect(messageTextLimit).toBe(noteTextLimit);
    expect(text).toContain(`| message or note | ${number(messageTextLimit)} characters |`);
    expect(text).toContain(`| visitor's name | ${visitorNameLimit} characters |`);
    expect(text).toContain(`| events in one \`sync\` page | ${requests.syncLimit} |`);
    expect(text).toContain(
      `| reopening a closed conversation | ${reopenWindow / hours(1)} hours |`,
    );
  });

  it("[P21] holds a whole session that plays back frame by frame", async () => {
    const transcript = /^```text transcript\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? "";
    const server = await memoryServer();
    const played = await play(server, transcript);
    await server.close();
    expect(played.length).toBeGreaterThan(20);
    for (const { from, written, real } of played) {
      if (from === "server") expect(masked(real)).toEqual(masked(written));
    }
  });

  it("[P21] points only to headings it has", () => {
    const anchor = (heading: string) =>
      heading
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-");
    const headings = new Set(
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, words = ""]) => anchor(words)),
    );
    for (const [, target = ""] of text.matchAll(/\]\(#([^)]+)\)/g))
      expect(headings).toContain(target);
  });
});

/** A frame without what every run makes anew: ids, times, the names of connection and log. */
function masked(frame: string): { head: string; body: unknown } {
  const at = frame.search(/[[{]/);
  const body = JSON.parse(at < 0 ? "null" : frame.slice(at), (key, value) => {
    if (key === "sid" || key === "logEpoch") return key;
    if (typeof value === "number" && value > 1e12) return "instant";
    return typeof value === "string" && /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value) ? "id" : value;
  });
  return { head: frame.slice(0, at), body };
}
