import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/** The value once it has stayed the same for a while, so that what passes quickly isn't shown. */
export function useSettled<T>(value: T, ms: number, initial: T): T {
  const settled = useSignal(initial);
  useEffect(() => {
    const timer = setTimeout(() => {
      settled.value = value;
    }, ms);
    return () => clearTimeout(timer);
  }, [value, ms, settled]);
  return settled.value;
}
