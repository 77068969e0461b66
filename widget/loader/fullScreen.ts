/**
 * Full screen on a small viewport. iOS keyboards shrink only the visual viewport of the top page,
 * which the frame cannot see, so the panel follows it from here; the page behind is held still and
 * out of reach, and stands where it stood when the panel closes.
 *
 * Answers how to undo it.
 */
export function fillScreen(panel: HTMLElement): () => void {
  const { body, documentElement } = document;
  const viewport = window.visualViewport;
  const left = scrollX;
  const top = scrollY;
  const styles = [body.style, documentElement.style] as const;
  const [bodyBefore, rootBefore] = [styles[0].cssText, styles[1].cssText];
  const wasInert = body.inert;
  const released = new AbortController();

  const follow = () => {
    // Somebody who zooms in wants to see the panel bigger, not fitted into the magnified part.
    const fits = viewport && viewport.scale < 1.05;
    panel.style.setProperty("--t", fits ? `${viewport.offsetTop}px` : "");
    panel.style.setProperty("--h", fits ? `${viewport.height}px` : "");
  };

  styles[0].cssText += `;position:fixed;top:${-top}px;left:${-left}px;width:100%`;
  styles[1].cssText += ";overflow:hidden";
  body.inert = true;
  viewport?.addEventListener("resize", follow, released);
  viewport?.addEventListener("scroll", follow, released);
  follow();

  return () => {
    released.abort();
    styles[0].cssText = bodyBefore;
    styles[1].cssText = rootBefore;
    body.inert = wasInert;
    scrollTo({ left, top, behavior: "instant" });
  };
}
