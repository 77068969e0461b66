/**
 * Node announces WASI as experimental each time it is used. That one line says nothing to whoever
 * runs Parley, so it is left out; every other warning passes. Imported before anything uses WASI.
 */
const emit = process.emitWarning;

const isAboutWasi = (warning: string | Error, more: readonly unknown[]): boolean =>
  more[0] === "ExperimentalWarning" && String(warning).startsWith("WASI ");

process.emitWarning = ((warning: string | Error, ...more: unknown[]) => {
  if (!isAboutWasi(warning, more)) Reflect.apply(emit, process, [warning, ...more]);
}) as typeof process.emitWarning;
