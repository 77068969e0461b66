import type { Param } from "../../postgres/driver.ts";

/** What is asked of the worker that holds PGlite. Calls are served one after another. */
export type Call =
  | { id: number; kind: "query"; sql: string; params: readonly Param[] }
  | { id: number; kind: "script"; sql: string }
  | { id: number; kind: "close" };

/** What it answers. The first message, `opened`, belongs to no call. */
export type Said =
  | { kind: "opened" }
  | { kind: "rows"; id: number; rows: object[] }
  | { kind: "refused"; id: number; code: string; message: string };

export type WorkerData = { dataDir: string };
