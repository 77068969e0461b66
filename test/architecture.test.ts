import { describe, expect, it } from "vitest";
import {
  impurities,
  schemasInBrowsers,
  strayQueries,
  wrongImports,
} from "./support/architecture.ts";
import { filesEnding, sources } from "./support/source.ts";

const product = sources();

describe("The product", () => {
  it("imports only in the directions of test/support/layers.ts", () => {
    expect(wrongImports(product)).toEqual([]);
  });

  it("keeps the schema library out of browsers", () => {
    expect(schemasInBrowsers(product)).toEqual([]);
  });

  it("reads no clock, random source or timer where it decides", () => {
    expect(impurities(product)).toEqual([]);
  });

  it("knows SQL in one folder and Redis scripts in another", () => {
    expect(strayQueries(product)).toEqual([]);
    expect(filesEnding(".sql").filter((path) => !path.startsWith("server/postgres/"))).toEqual([]);
    expect(filesEnding(".lua").filter((path) => !path.startsWith("server/redis/"))).toEqual([]);
  });
});

describe("The rules themselves", () => {
  const files = (of: Record<string, string>) => new Map(Object.entries(of));
  const wrong = (path: string, source: string) => wrongImports(files({ [path]: source }));

  it.each([
    ["shared/model/a.ts", 'import { b } from "../protocol/b.ts";'],
    ["shared/domain/a.ts", 'import type { B } from "../client/b.ts";'],
    ["shared/domain/a.ts", 'import { z } from "zod";'],
    ["widget/frame/a.tsx", 'export * from "#server/ports.ts";'],
    ["widget/frame/a.tsx", 'import { b } from "#console/b.ts";'],
    ["widget/frame/a.tsx", 'import { readFile } from "node:fs/promises";'],
    ["widget/frame/a.tsx", 'import { b } from "../../shared/model/b.ts";'],
    ["server/domain/a.ts", 'import { b } from "#shared/client/b.ts";'],
    ["server/domain/a.ts", 'import type { B } from "../ports.ts";'],
    ["server/memory/a.ts", 'import { decide } from "../domain/decide.ts";'],
    ["server/engine/a.ts", 'const b = await import("../postgres/b.ts");'],
    ["server/engine/a.ts", 'import { createClient } from "redis";'],
    ["server/transport/a.ts", 'import { app } from "#server/app.ts";'],
    ["server/redis/a.ts", 'import { live } from "@electric-sql/pglite/live";'],
    ["server/new/a.ts", "export const a = 1;"],
  ])("find fault with %s: %s", (path, source) => {
    expect(wrong(path, source)).toHaveLength(1);
  });

  it.each([
    ["shared/protocol/a.ts", 'import { z } from "zod"; import { b } from "../model/b.ts";'],
    ["widget/frame/a.tsx", 'import { b } from "#shared/client/b.ts"; import "./a.css";'],
    ["server/memory/a.ts", 'import { rank } from "../domain/rank.ts";'],
    ["server/engine/a.ts", 'import { decide } from "../domain/decide.ts";'],
    ["server/main.ts", 'import { createApp } from "./app.ts";'],
  ])("accept %s: %s", (path, source) => {
    expect(wrong(path, source)).toEqual([]);
  });

  it("follow the schema library through other files", () => {
    const chain = schemasInBrowsers(
      files({
        "widget/frame/a.tsx": 'import { b } from "#shared/protocol/b.ts";',
        "widget/frame/c.tsx": 'import type { B } from "#shared/protocol/b.ts";',
        "shared/protocol/b.ts": 'import { z } from "zod";',
      }),
    );
    expect(chain).toEqual(["widget/frame/a.tsx → shared/protocol/b.ts → zod"]);
  });

  it.each([
    "Date.now()",
    "new Date()",
    "Date()",
    "Math.random()",
    "crypto.randomUUID()",
    "globalThis.setTimeout(f, 1)",
    "setInterval(f, 1)",
    "performance.now()",
  ])("call %s impure", (source) => {
    expect(impurities(files({ "shared/domain/a.ts": `export const a = ${source};` }))).toHaveLength(
      1,
    );
    expect(impurities(files({ "server/engine/a.ts": `export const a = ${source};` }))).toEqual([]);
  });

  it("call new Date(at) and a comment pure", () => {
    const source = "// not Date.now()\nexport const a = (at: number) => new Date(at);";
    expect(impurities(files({ "shared/domain/a.ts": source }))).toEqual([]);
  });

  it("recognise SQL outside its folder", () => {
    const query = `export const a = \`select \${1} from conversation\`;`;
    expect(strayQueries(files({ "server/engine/a.ts": query }))).toHaveLength(1);
    expect(strayQueries(files({ "server/postgres/a.ts": query }))).toEqual([]);
  });
});
