import { defineConfig } from "vitest/config";
import { foundTools } from "./bin/tools.js";
import { NothingSkipped } from "./test/support/nothing-skipped.ts";

const seconds = 1000;
const slow = ["test/contract/**", "test/e2e/**", "test/chaos/**"];

/** Suites that start servers, databases and browsers: one file at a time, or they disturb each other. */
const alone = { fileParallelism: false, pool: "forks" } as const;

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    allowOnly: false,
    passWithNoTests: false,
    env: foundTools(),
    reporters: ["default", new NothingSkipped()],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.{ts,tsx}"],
          exclude: slow,
          pool: "threads",
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          ...alone,
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 30 * seconds,
          hookTimeout: 60 * seconds,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...alone,
          name: "e2e",
          include: ["test/{e2e,chaos}/**/*.test.{ts,tsx}"],
          globalSetup: "test/support/built.ts",
          testTimeout: 60 * seconds,
          hookTimeout: 120 * seconds,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
