import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export type Answer = { status?: number; headers?: Record<string, string>; body: string | Buffer };
export type Served = { origin: string; port: number; close(): Promise<void> };

/** A server of a few answers on a free port of this machine. */
export async function serve(
  answer: (path: string, headers: IncomingHttpHeaders) => Answer | undefined,
): Promise<Served> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://host");
    const {
      status = 200,
      headers = {},
      body,
    } = answer(pathname, request.headers) ?? { status: 404, body: "Not found" };
    response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
