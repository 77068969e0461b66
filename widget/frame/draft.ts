/** What the visitor is writing, over a change of page. Per tab: two tabs are two trains of thought. */
export type Draft = { load(): string; save(text: string): void };

const key = "parley:draft";

export function tabDraft(site: string): Draft {
  return {
    load() {
      try {
        return sessionStorage.getItem(`${key}:${site}`) ?? "";
      } catch {
        // Storage inside a frame is blocked in some browsers; the draft then lives as long as the page.
        return "";
      }
    },
    save(text) {
      try {
        sessionStorage.setItem(`${key}:${site}`, text);
      } catch {
        // As above: nothing is lost that the visitor still sees.
      }
    },
  };
}
