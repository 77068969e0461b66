import { globSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { parseSync, Visitor } from "vite";

export type Import = {
  /** As written. */
  specifier: string;
  /** A path in the repository, or a package's name; node:fs stays node:fs. */
  target: string;
  inRepository: boolean;
  /** Written `import type`: nothing of it is left at run time. */
  typeOnly: boolean;
  line: number;
};

export type Mention = { text: string; line: number };

const root = posix.join(import.meta.dirname, "../..");
const programs = ["shared", "server", "widget", "console"];

/** Every TypeScript file of the product, by its path in the repository. */
export function sources(): ReadonlyMap<string, string> {
  const paths = globSync(
    programs.map((program) => `${program}/**/*.{ts,tsx}`),
    { cwd: root },
  ).filter((path) => !path.endsWith(".d.ts"));
  return new Map(paths.sort().map((path) => [path, readFileSync(posix.join(root, path), "utf8")]));
}

/** The paths of all files that end in this way. */
export function filesEnding(ending: string): readonly string[] {
  return globSync(
    programs.map((program) => `${program}/**/*${ending}`),
    { cwd: root },
  ).sort();
}

/** What a file imports or exports from elsewhere, statically or on demand. */
export function importsOf(path: string, source: string): readonly Import[] {
  const { module, program } = parse(path, source);
  const found: Import[] = [];
  const add = (specifier: string, start: number, typeOnly: boolean) => {
    found.push({ ...resolve(path, specifier), specifier, typeOnly, line: lineAt(source, start) });
  };
  const typed = (start: number) => /^(import|export)\s+type\b/.test(source.slice(start));
  for (const { moduleRequest, start } of module.staticImports) {
    add(moduleRequest.value, start, typed(start));
  }
  for (const { entries, start } of module.staticExports) {
    const request = entries.find(({ moduleRequest }) => moduleRequest)?.moduleRequest;
    if (request) add(request.value, start, typed(start));
  }
  new Visitor({
    ImportExpression: ({ source: from, start }) => {
      if (from.type === "Literal" && typeof from.value === "string") add(from.value, start, false);
    },
    TSImportType: ({ source: from, start }) => add(from.value, start, true),
  }).visit(program);
  return found;
}

function resolve(path: string, specifier: string): { target: string; inRepository: boolean } {
  const bare = specifier.replace(/\?.*$/, "");
  if (bare.startsWith("#")) return { target: bare.slice(1), inRepository: true };
  if (bare.startsWith(".")) {
    return { target: posix.join(posix.dirname(path), bare), inRepository: true };
  }
  const [scope = "", name = ""] = bare.split("/");
  const target = bare.startsWith("@") ? `${scope}/${name}` : scope;
  return { target, inRepository: false };
}

const impure: Readonly<Record<string, RegExp>> = {
  Date: /^now$/,
  Math: /^random$/,
  performance: /^now$/,
  crypto: /^(random|getRandomValues)/,
  Temporal: /^Now$/,
};
const timers = /^(setTimeout|setInterval|setImmediate|requestAnimationFrame)$/;

/** Where a file reads a clock or a random source, or sets a timer. */
export function impuritiesOf(path: string, source: string): readonly Mention[] {
  const found: Mention[] = [];
  const add = (text: string, start: number) => found.push({ text, line: lineAt(source, start) });
  new Visitor({
    MemberExpression: ({ object, property, start }) => {
      if (object.type !== "Identifier" || property.type !== "Identifier") return;
      const name = `${object.name}.${property.name}`;
      if (impure[object.name]?.test(property.name) || timers.test(property.name)) add(name, start);
    },
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type === "Identifier" && callee.name === "Date" && given.length === 0) {
        add("new Date()", start);
      }
    },
    CallExpression: ({ callee, start }) => {
      if (callee.type !== "Identifier") return;
      if (callee.name === "Date" || timers.test(callee.name)) add(`${callee.name}()`, start);
    },
  }).visit(parse(path, source).program);
  return found;
}

const sql =
  /\b(select\b[\s\S]+\bfrom|insert\s+into|update\s+\S+\s+set|delete\s+from|create\s+(table|index|function|schema)|alter\s+table)\s/i;

/** Where a file holds a piece of SQL. */
export function sqlOf(path: string, source: string): readonly Mention[] {
  const found: Mention[] = [];
  const look = (text: string, start: number) => {
    if (sql.test(text)) found.push({ text: text.trim().slice(0, 40), line: lineAt(source, start) });
  };
  new Visitor({
    Literal: ({ value, start }) => {
      if (typeof value === "string") look(value, start);
    },
    TemplateLiteral: ({ quasis, start }) =>
      look(quasis.map(({ value }) => value.raw).join(" x "), start),
  }).visit(parse(path, source).program);
  return found;
}

function parse(path: string, source: string) {
  const result = parseSync(path, source);
  const [error] = result.errors;
  if (error) throw new Error(`${path} cannot be parsed: ${error.message}`);
  return result;
}

const lineAt = (source: string, offset: number) => source.slice(0, offset).split("\n").length;
