import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataDirLocked, lockDataDir } from "#server/embedded/lock.ts";

const lockModule = new URL("../../server/embedded/lock.ts", import.meta.url).href;

/** Another process that takes the lock and keeps it until it is killed. */
async function holder(directory: string): Promise<ChildProcess> {
  const script = `
    const { lockDataDir } = await import(${JSON.stringify(lockModule)});
    lockDataDir(${JSON.stringify(directory)});
    console.log("locked");
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout as NodeJS.ReadableStream, "data");
  return child;
}

describe("The lock on the data directory", () => {
  let folder: string;
  let directory: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-lock-"));
    directory = join(folder, "not", "there", "yet");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("[LG95] lets one in at a time, and names the directory to the other", () => {
    const lock = lockDataDir(directory);
    expect(() => lockDataDir(directory)).toThrow(DataDirLocked);
    expect(() => lockDataDir(directory)).toThrow(directory);
    lock.release();
    lockDataDir(directory).release();
  });

  it("[LG95] keeps another process out, until that is killed", async () => {
    const other = await holder(directory);
    expect(() => lockDataDir(directory)).toThrow(DataDirLocked);
    const gone = once(other, "exit");
    other.kill("SIGKILL");
    await gone;
    lockDataDir(directory).release();
  });
});
