import { seconds } from "#shared/model/time.ts";
import { waited } from "./surroundings.ts";

const pause = seconds(1);

/**
 * Fetches the frame's page for the ticket in it, as a browser does that shows the widget. A server
 * that can't answer just now is asked again; null when it was called off meanwhile.
 */
export async function frameTicket(
  url: string,
  site: string,
  calledOff: AbortSignal,
): Promise<string | null> {
  while (!calledOff.aborted) {
    const response = await fetch(`${url}/frame/${encodeURIComponent(site)}`).catch(() => null);
    if (response?.ok) return ticketIn(await response.text());
    if (response && response.status < 500) {
      throw new Error(`the server has no frame for the site ${site} (${response.status})`);
    }
    await waited(pause, calledOff);
  }
  return null;
}

function ticketIn(page: string): string {
  const data = /id="parley-frame">(.*?)<\/script>/.exec(page)?.[1];
  const { ticket } = JSON.parse(data ?? "{}") as { ticket?: string };
  if (!ticket) throw new Error("the frame's page holds no ticket");
  return ticket;
}
