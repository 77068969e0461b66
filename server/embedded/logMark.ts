import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LogMark, LogMarkKeeper } from "../ports.ts";

type Kept = LogMark & { file: string };

/**
 * Keeps the newest mark of the embedded database's log beside its directory, so that a directory put
 * back from an earlier copy is noticed. A copy of everything takes the mark along; but a copied file
 * is another file to the file system, so what it may lack is counted as lacking.
 */
export function logMarkIn(dataDir: string): LogMarkKeeper {
  const path = join(dataDir, "log-mark.json");

  /** Written when the database is made and never again. A freed number may be given to the copy, so its birth counts too. */
  async function file(): Promise<string> {
    const found = await stat(join(dataDir, "pglite", "PG_VERSION"), { bigint: true });
    return `${found.ino} ${found.birthtimeNs}`;
  }

  return {
    async read() {
      let kept: Kept;
      try {
        kept = JSON.parse(await readFile(path, "utf8"));
      } catch {
        // None yet, or one that was being written when the machine stopped.
        return null;
      }
      const { epoch, beats } = kept;
      return { epoch, beats: kept.file === (await file()) ? beats : beats + 1 };
    },
    async write(mark) {
      const kept: Kept = { ...mark, file: await file() };
      await writeFile(`${path}.new`, `${JSON.stringify(kept)}\n`);
      await rename(`${path}.new`, path);
    },
  };
}
