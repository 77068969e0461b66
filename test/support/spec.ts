import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A promise of SPEC.md. */
export type Promised = { id: string; area: string; number: number; sentence: string };

export type Section = { area: string; anchor: string; promises: readonly Promised[] };

/** An id and the file that names it. */
export type Naming = { id: string; path: string };

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

export const spec = () => read("SPEC.md");

/** The areas of SPEC.md in its order; throws at a list item that is no promise. */
export function sectionsOf(text: string): readonly Section[] {
  const [, ...parts] = text.split(/^## /m);
  return parts.map((part) => {
    const [heading = "", ...lines] = part.split("\n");
    return {
      area: heading.split(" ")[0] ?? "",
      anchor: heading.toLowerCase().replaceAll(" ", "-"),
      promises: lines.filter((line) => line.startsWith("-")).map(promised),
    };
  });
}

function promised(line: string): Promised {
  const [, area, number, sentence] = /^- \*\*([A-Z]+)([1-9]\d*)\*\* (.+\.)$/.exec(line) ?? [];
  if (!area || !sentence) throw new Error(`SPEC.md has no id and sentence in: ${line}`);
  return { id: `${area}${number}`, area, number: Number(number), sentence };
}

/** Every id in the title of a test or a group of tests. */
export function titled(): readonly Naming[] {
  return globSync("test/**/*.{ts,tsx}", { cwd: root }).flatMap((path) => naming(path, titlesIn));
}

/** Every id that a comment or a document names behind the word SPEC. */
export function mentioned(): readonly Naming[] {
  const paths = globSync(
    ["{shared,server,widget,console,test,bin}/**/*.{ts,tsx,js,css,html,sql,lua}", "{.,docs}/*.md"],
    { cwd: root },
  );
  return paths.flatMap((path) => naming(path, mentionsIn));
}

const naming = (path: string, idsIn: (source: string) => readonly string[]): Naming[] =>
  idsIn(read(path)).map((id) => ({ id, path }));

/** The ids of strings that begin with one, or with several in a row. */
export function titlesIn(source: string): readonly string[] {
  const titles = source.matchAll(/["'`]((?:\[[A-Z]+\d[^\]\n]*\] ?)+)/g);
  return [...titles].flatMap(([, ids = ""]) =>
    ids
      .trim()
      .slice(1, -1)
      .split(/\] ?\[/),
  );
}

/** The ids after the word, ranges unfolded; a comment may break its line between them. */
export function mentionsIn(source: string): readonly string[] {
  const flat = source.replace(/\s*\n\s*(?:\*|\/\/|--|#)?\s*/g, " ");
  const mentions = flat.matchAll(/\bSPEC ([A-Z]+\d+(?:(?:–|, | and )[A-Z]+\d+)*)/g);
  return [...mentions].flatMap(([, ids = ""]) => ids.split(/, | and /).flatMap(unfolded));
}

function unfolded(ids: string): readonly string[] {
  const [first = "", last = first] = ids.split("–");
  const area = first.replace(/\d/g, "");
  const [from, to] = [first, last].map((id) => Number(id.slice(area.length))) as [number, number];
  if (!last.startsWith(area) || !(from <= to)) return [ids];
  return Array.from({ length: to - from + 1 }, (_, i) => `${area}${from + i}`);
}
