import type { Reporter, TestModule, Vitest } from "vitest/node";

/**
 * Fails a run in which a test was skipped or left to do: what is not run is not promised.
 * A run narrowed by hand (-t) skips on purpose and is left alone.
 */
export class NothingSkipped implements Reporter {
  #narrowed = false;

  onInit(vitest: Vitest): void {
    this.#narrowed = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.#narrowed) return;
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")]);
    if (skipped.length === 0) return;
    console.error(`\n✗ ${skipped.length} skipped, and none may be:`);
    for (const test of skipped)
      console.error(`  ${test.module.relativeModuleId}: ${test.fullName}`);
    process.exitCode = 1;
  }
}
