import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "vite";
import { serve } from "./serve.ts";

const root = join(import.meta.dirname, "../../..");
const site = "test-site";

/** The loader as it is built for customers. */
async function buildLoader(): Promise<string> {
  const result = await build({
    root,
    configFile: join(root, "vite.config.ts"),
    mode: "loader",
    logLevel: "error",
    build: { write: false },
  });
  const [output] = Array.isArray(result) ? result : [result];
  const chunk = output && "output" in output ? output.output[0] : undefined;
  if (chunk?.type !== "chunk") throw new Error("the loader was not built");
  return chunk.code;
}

/** A frame that does nothing but the handshake, and keeps what it heard. */
const stubFrame = `<!doctype html><title>stub</title><input id="field"><script type="module">
  window.heard = [];
  addEventListener("message", ({ data, ports, origin }) => {
    if (data?.parley !== "connect") return;
    window.hello = data.hello;
    window.helloFrom = origin;
    window.port = ports[0];
    window.port.onmessage = ({ data }) => {
      window.heard.push(data);
      if (data.call === "open" && data.with.open && data.with.focus) document.getElementById("field").focus();
    };
  });
  parent.postMessage({ parley: "ready", v: 1 }, "*");
</script>`;

/** Two origins on this machine: the pages of a customer, and Parley with the loader and the stub frame. */
export async function serveHostPages() {
  const loader = await buildLoader();
  let framesFail = false;
  const parley = await serve((path) => {
    if (path === "/widget.js")
      return { headers: { "content-type": "text/javascript" }, body: loader };
    if (path === `/frame/${site}` && !framesFail) return { body: stubFrame };
    return undefined;
  });
  // Another host name, so that the browser takes the two for two sites, as they would be in life.
  const publicUrl = `http://localhost:${parley.port}`;
  const pages = await serve((path) => {
    const [name, ending] = /^\/[a-z]+\.(html|css)$/.exec(path) ?? [];
    if (!name) return undefined;
    const page = readFileSync(join(root, "widget/pages", name), "utf8");
    if (ending === "css") return { headers: { "content-type": "text/css" }, body: page };
    return { body: page.replaceAll("{{PUBLIC_URL}}", publicUrl).replaceAll("{{SITE}}", site) };
  });
  return {
    site,
    publicUrl,
    origin: pages.origin,
    /** Whether the frame's address answers 404 from now on. */
    breakFrames(broken: boolean) {
      framesFail = broken;
    },
    async close() {
      await Promise.all([parley.close(), pages.close()]);
    },
  };
}
