import type { remembered } from "./remembered.ts";

/**
 * While the panel fills a small screen, the page behind is held still and out of reach; it stands
 * where it stood when the panel closes, also when the page was loaded again meanwhile. Answers how to
 * undo it.
 */
export function holdPage(ofTab: ReturnType<typeof remembered>): () => void {
  const { body } = document;
  const { cssText } = body.style;
  const name = `:held ${document.URL}` as const;
  const left = scrollX;
  const top = +(ofTab(name) || scrollY);
  ofTab(name, `${top}`);
  body.style.cssText += `;position:fixed;width:100%;top:${-top}px`;
  body.inert = true;
  return () => {
    ofTab(name, "");
    body.style.cssText = cssText;
    body.inert = false;
    scrollTo({ left, top, behavior: "instant" });
  };
}

/**
 * iOS keyboards shrink only the visual viewport of the top page, which the frame cannot see, so the
 * panel follows it from here. Not while somebody zooms in: they want to see the panel bigger.
 */
export function followViewport(viewport: VisualViewport, style: CSSStyleDeclaration): void {
  if (viewport.scale > 1.05) return;
  style.setProperty("--t", `${viewport.offsetTop}px`);
  style.setProperty("--h", `${viewport.height}px`);
}
