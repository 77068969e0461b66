import { readFile } from "node:fs/promises";

/**
 * Where the built files of a program's languages are, by language tag: read from the bundler's own
 * manifest, because their names carry a hash.
 */
export async function textFiles(manifest: string, base: string): Promise<Map<string, string>> {
  const entries = JSON.parse(await readFile(manifest, "utf8")) as Record<string, { file: string }>;
  const texts = new Map<string, string>();
  for (const [source, { file }] of Object.entries(entries)) {
    const [, language] = /shared\/text\/\w+\/([a-z]{2,3})\.ts$/.exec(source) ?? [];
    if (language) texts.set(language, base + file);
  }
  return texts;
}
