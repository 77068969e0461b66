/** localStorage, or null where merely naming it throws (blocked cookies, sandboxed frames). */
export function browserStorage(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
