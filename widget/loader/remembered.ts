/**
 * What is remembered on the host page's own origin: the frame's storage is partitioned or blocked in
 * many browsers, the page's is not. Writes `value` if there is one and answers what is there now; null
 * where the browser keeps nothing for this page, which nobody here could repair. The page's storage is
 * the page's: what is longer than 64 kB, in units of two bytes, is not written.
 */
export const remembered =
  (area: "localStorage" | "sessionStorage", site: string) =>
  (name: Remembered, value?: string): string | null => {
    try {
      const key = `parley:${site}${name}`;
      const storage = window[area];
      if (value !== undefined && value.length <= 32_768) storage.setItem(key, value);
      return storage.getItem(key);
    } catch {
      return null;
    }
  };

type Remembered = "" | ":look" | ":chat" | ":open" | `:held ${string}` | ":draft" | ":outbox";
