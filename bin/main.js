// How every script here ends: what went wrong in words, without a stack, and a status of 1.

/** @param {() => Promise<unknown>} script */
export async function main(script) {
  try {
    await script();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
