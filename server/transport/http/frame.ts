import { Router } from "express";
import type { Directory } from "../../engine/directory.ts";
import type { Tickets } from "../tickets.ts";
import { frameHeaders } from "./security.ts";

/** The data stands before the page's module runs: modules wait for the whole document. */
const place = "</head>";

/**
 * The widget's frame: one no-store page per site with its ticket inlined as data (decision 13).
 * JSON in a script element ends at `</`, so every `<` is written as an escape.
 */
export function frameRoutes(parts: {
  publicUrl: string;
  page: string;
  /** Where each language's texts are, by language tag. */
  texts: ReadonlyMap<string, string>;
  directory: Directory;
  tickets: Tickets;
}): Router {
  const { publicUrl, page, texts, directory, tickets } = parts;
  if (!page.includes(place)) throw new Error(`the built frame has no ${place}`);
  const routes = Router();
  routes.get("/frame/:site", async (request, response, next) => {
    const site = directory.siteByKey(request.params.site);
    if (!site) return next();
    const origins = [...site.origins];
    const data = {
      site: site.key,
      ticket: await tickets.issue(site.id),
      origins,
      name: site.name,
      accent: site.accent,
    };
    const json = JSON.stringify(data).replaceAll("<", "\\u003c");
    const script = `<script type="application/json" id="parley-frame">${json}</script>`;
    // The program asks for its texts only once it runs; the browser can fetch them meanwhile.
    const language = request.acceptsLanguages([...texts.keys()]);
    const preload = language
      ? `<link rel="modulepreload" crossorigin href="${texts.get(language)}">`
      : "";
    frameHeaders(publicUrl, origins)(request, response, () => {
      response
        .set("cache-control", "no-store")
        .type("html")
        // A function, because `$` in a name must stay a `$`.
        .send(page.replace(place, () => script + preload + place));
    });
  });
  return routes;
}
