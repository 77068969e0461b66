import { once } from "node:events";
import { createServer } from "node:http";

export type HostSite = { readonly port: number; close(): Promise<void> };

/**
 * A customer's own website: two pages that include the widget with the one line a customer pastes,
 * under a content policy that allows nothing but that. They don't say which language they are in.
 */
export async function startHostSite(widget: { origin: string; site: string }): Promise<HostSite> {
  const policy = [
    "default-src 'none'",
    `script-src ${widget.origin}`,
    `frame-src ${widget.origin}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
  const page = (title: string) => `<!doctype html>
<html>
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <script async src="${widget.origin}/widget.js" data-site="${widget.site}"></script>
  </head>
  <body>
    <h1>${title}</h1>
    <nav><a href="/">Garden shop</a> <a href="/tools">Tools</a></nav>
  </body>
</html>
`;
  const pages = new Map([
    ["/", page("Garden shop")],
    ["/tools", page("Tools")],
  ]);
  const server = createServer((request, response) => {
    const body = pages.get(request.url ?? "");
    response.writeHead(body ? 200 : 404, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
    });
    response.end(body ?? "Not found");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
