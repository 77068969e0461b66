import { newToken, ticketFor } from "../../support/clients.ts";
import type { TestServer } from "../../support/server.ts";
import { socketPath } from "./rawSocket.ts";

/** A line of a transcript with the frame that really went over the wire in its place. */
export type Played = { from: "client" | "server"; written: string; real: string };

/**
 * Plays a transcript against a server: what is sent goes out as written, but for the credentials, and
 * for every line received the next frame that came is taken.
 */
export async function play(server: TestServer, transcript: string): Promise<Played[]> {
  const socket = new WebSocket(server.url.replace("http", "ws") + socketPath);
  const received: string[] = [];
  let wake = () => {};
  socket.addEventListener("message", ({ data }) => {
    received.push(String(data));
    wake();
  });
  const next = async (): Promise<string> => {
    while (received.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return received.shift() as string;
  };

  const credentials = { token: newToken(), ticket: await ticketFor(server) };
  const played: Played[] = [];
  for (const line of transcript.trim().split("\n")) {
    const written = line.slice(2);
    if (line.startsWith("> ")) {
      const real = written.replace(
        /"(token|ticket)":"[^"]*"/g,
        (_, name: "token" | "ticket") => `"${name}":"${credentials[name]}"`,
      );
      socket.send(real);
      played.push({ from: "client", written, real });
    } else if (line.startsWith("< ")) {
      played.push({ from: "server", written, real: await next() });
    } else throw new Error(`neither sent nor received: ${line}`);
  }
  socket.close();
  return played;
}
