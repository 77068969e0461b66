/**
 * What a page includes: `<script async src="https://chat.example/widget.js" data-site="KEY">`, with
 * `data-locale`, `data-theme` and `data-accent` if wanted. Draws the launcher and nothing else until
 * the visitor opens it. Depends on nothing, needs no exception in the page's content security policy.
 */
import type { ParleyApi, QueuedCall, Theme } from "./api.ts";
import { startWidget } from "./widget.ts";

const script = document.currentScript as HTMLScriptElement;
const { site, locale, theme = "auto", accent = "" } = script.dataset;
const before = window.Parley;

// A page that includes the script twice still gets one widget.
if (site && !before?.destroy) {
  const parley = startWidget(site, new URL(script.src).origin, {
    locale: locale || document.documentElement.lang,
    theme: theme as Theme,
    accent,
  });
  const push = (...calls: QueuedCall[]) => {
    for (const [method, ...values] of calls) {
      (parley[method as keyof typeof parley] as (...values: unknown[]) => unknown)(...values);
    }
  };
  window.Parley = { ...parley, q: { push } } satisfies ParleyApi;
  push(...(before?.q ?? []));
}
