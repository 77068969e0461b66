/**
 * What is remembered on the host page's own origin: the frame's storage is partitioned or blocked in
 * many browsers, the page's is not. Writes `value` if there is one and answers what is there now; null
 * where the browser keeps nothing for this page, which nobody here could repair.
 */
export const remembered =
  (area: "localStorage" | "sessionStorage", site: string) =>
  (name: "" | ":look" | ":chat" | ":open" | ":draft", value?: string): string | null => {
    try {
      const key = `parley:${site}${name}`;
      const storage = window[area];
      if (value !== undefined) storage.setItem(key, value);
      return storage.getItem(key);
    } catch {
      return null;
    }
  };
