import { styles } from "./styles.ts";

/**
 * Everything the loader puts on the page: one element outside `body`, so that neither a transformed
 * body nor a framework that replaces it takes the chat away.
 */
export function surface() {
  const host = document.createElement("parley-widget");
  const panel = document.createElement("div");
  const retry = document.createElement("button");
  const launcher = document.createElement("button");
  const badge = document.createElement("i");
  const sheet = new CSSStyleSheet();
  const root = host.attachShadow({ mode: "open" });
  sheet.replaceSync(styles);
  root.adoptedStyleSheets = [sheet];
  retry.type = launcher.type = "button";
  // The badge only repeats what the button's name says.
  badge.ariaHidden = "true";
  launcher.append(
    icon("M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z"),
    icon("M6 9.5l6 6 6-6"),
    badge,
  );
  panel.append(retry);
  root.append(panel, launcher);
  document.documentElement.append(host);
  return { host, launcher, badge, panel, retry };
}

function icon(path: string): SVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
