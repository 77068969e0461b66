import { isColour } from "#shared/look/contrast.ts";

/** What the server put into the page for this load (decision 13). */
export type FrameData = {
  site: string;
  /** Proves to the server that this frame was embedded by the site. */
  ticket: string;
  /** The exact origins that may embed the site's chat. */
  origins: readonly string[];
  name: string;
  accent: string | null;
};

export function frameData(page: Document): FrameData {
  const text = page.getElementById("parley-frame")?.textContent;
  if (!text) throw new Error("the page came without its data");
  const data = JSON.parse(text) as FrameData;
  return { ...data, accent: data.accent && isColour(data.accent) ? data.accent : null };
}
