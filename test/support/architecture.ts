import { drivers, isIn, layerOf, layers, schemaLibrary } from "./layers.ts";
import { type Import, importsOf, impuritiesOf, sqlOf } from "./source.ts";

type Sources = ReadonlyMap<string, string>;

/** Every breach of the table in layers.ts, as "file:line → import: the rule it breaks". */
export function wrongImports(files: Sources): readonly string[] {
  return [...files].flatMap(([path, source]) => {
    const from = layerOf(path);
    if (from === undefined) return [`${path}: no layer in test/support/layers.ts holds this file`];
    return importsOf(path, source).flatMap((found) => {
      const rule = found.inRepository
        ? wrongFile(path, from, found)
        : wrongPackage(from, found.target, found.typeOnly);
      return rule ? [`${path}:${found.line} → ${found.specifier}: ${rule}`] : [];
    });
  });
}

function wrongFile(path: string, from: string, { target, specifier }: Import): string | undefined {
  const program = (of: string) => of.split("/")[0] ?? "";
  if (specifier.startsWith(".") && program(path) !== program(target)) {
    return `another program's files are imported as #${target}`;
  }
  const may = layers[from]?.may ?? [];
  if ([from, ...may].some((part) => isIn(part, target))) return;
  return `${from} may import ${may.join(", ") || "nothing"} besides its own files`;
}

function wrongPackage(from: string, name: string, typeOnly: boolean): string | undefined {
  const owners = drivers[name];
  if (owners && !owners.includes(from)) return `only ${owners.join(", ")} may know ${name}`;
  const allowed = layers[from]?.packages;
  if (!allowed || allowed.includes(name)) return;
  if (typeOnly && name === schemaLibrary) return;
  return `${from} may use ${allowed.join(", ") || "no packages"}`;
}

/** Every path of run-time imports from browser code to the schema library, written as a chain. */
export function schemasInBrowsers(files: Sources): readonly string[] {
  const graph = new Map([...files].map(([path, source]) => [path, atRunTime(path, source)]));
  const known = new Map<string, string | undefined>();
  const chain = (path: string): string | undefined => {
    if (path === schemaLibrary) return path;
    if (known.has(path)) return known.get(path);
    known.set(path, undefined);
    const [rest] = (graph.get(path) ?? []).flatMap((next) => chain(next) ?? []);
    known.set(path, rest && `${path} → ${rest}`);
    return known.get(path);
  };
  const inBrowser = (path: string) => layers[layerOf(path) ?? ""]?.browser === true;
  return [...files.keys()].filter(inBrowser).flatMap((path) => chain(path) ?? []);
}

function atRunTime(path: string, source: string): readonly string[] {
  return importsOf(path, source)
    .filter(({ typeOnly }) => !typeOnly)
    .map(({ target }) => target);
}

/** Every clock, random source and timer in a pure layer. */
export function impurities(files: Sources): readonly string[] {
  return [...files].flatMap(([path, source]) => {
    const layer = layerOf(path) ?? "";
    if (!layers[layer]?.pure) return [];
    return impuritiesOf(path, source).map(
      ({ text, line }) => `${path}:${line} → ${text}: ${layer} is pure, such things are handed in`,
    );
  });
}

/** Every piece of SQL outside server/postgres. */
export function strayQueries(files: Sources): readonly string[] {
  return [...files].flatMap(([path, source]) => {
    if (!path.startsWith("server/") || path.startsWith("server/postgres/")) return [];
    return sqlOf(path, source).map(
      ({ text, line }) => `${path}:${line} → ${text}: only server/postgres knows SQL`,
    );
  });
}
