import { describe, expect, it, vi } from "vitest";
import type { HostConnect } from "#shared/protocol/host.ts";
import { connectHost } from "#widget/frame/host.ts";

const shop = "https://shop.example";
const token = "t".repeat(43);
const hello: HostConnect["hello"] = {
  token,
  kept: true,
  locale: "pl",
  theme: "dark",
  narrow: false,
  page: `${shop}/`,
  draft: null,
  outbox: null,
};
const connect = { parley: "connect", v: 1, hello };

/** A frame in a page, as far as the handshake sees it. */
function frameIn(ancestor?: string) {
  const listeners = new Set<(event: unknown) => void>();
  const parent = { postMessage: vi.fn() };
  const frame = {
    parent,
    location: { ancestorOrigins: ancestor === undefined ? undefined : [ancestor] },
    addEventListener: (_: string, hear: (event: unknown) => void) => listeners.add(hear),
    removeEventListener: (_: string, hear: (event: unknown) => void) => listeners.delete(hear),
  };
  const receive = (event: object) => {
    for (const hear of listeners) hear({ source: parent, origin: shop, ports: [], ...event });
  };
  return { frame: frame as unknown as Window, parent, receive, listeners };
}

describe("the frame's side of the handshake", () => {
  it("[W3] says ready to origins the site lists, to the parent's own where it is known", () => {
    const open = frameIn();
    void connectHost(open.frame, [shop, "https://www.shop.example"]);
    expect(open.parent.postMessage.mock.calls).toEqual([
      [{ parley: "ready", v: 1 }, shop],
      [{ parley: "ready", v: 1 }, "https://www.shop.example"],
    ]);
    const known = frameIn(shop);
    void connectHost(known.frame, ["https://www.shop.example", shop]);
    expect(known.parent.postMessage.mock.calls).toEqual([[{ parley: "ready", v: 1 }, shop]]);
    const foreign = frameIn("https://evil.example");
    void connectHost(foreign.frame, [shop]);
    expect(foreign.parent.postMessage.mock.calls).toEqual([]);
  });

  it("[W4] takes no token from another window, another origin, without a port or in another shape", async () => {
    const { frame, receive, listeners } = frameIn();
    const found = connectHost(frame, [shop]);
    const { port1, port2 } = new MessageChannel();
    const ports = [port2];
    receive({ data: connect, ports, source: {} });
    receive({ data: connect, ports, origin: "https://evil.example" });
    receive({ data: connect, ports, origin: "https://shop.example.evil.example" });
    receive({ data: connect, ports, origin: "null" });
    receive({ data: connect });
    for (const data of [
      null,
      "connect",
      { ...connect, v: 2 },
      { ...connect, parley: "loaded" },
      { ...connect, hello: undefined },
      { ...connect, hello: { ...hello, token: "short" } },
      { ...connect, hello: { ...hello, token: `${token}<` } },
    ]) {
      receive({ data, ports });
    }
    expect(listeners.size).toBe(1);
    receive({ data: connect, ports });
    expect(await found).toMatchObject({ token, kept: true });
    expect(listeners.size).toBe(0);
    port1.close();
    port2.close();
  });

  it("[W3] follows what the page around says", async () => {
    const { frame, receive } = frameIn();
    const found = connectHost(frame, [shop]);
    const { port1, port2 } = new MessageChannel();
    receive({ data: connect, ports: [port2] });
    const host = await found;
    const say = (call: string, value: object) => port1.postMessage({ call, with: value });
    expect([host.locale.value, host.theme.value, host.open.value]).toEqual(["pl", "dark", false]);
    say("open", { open: true, focus: true });
    say("open", { open: true, focus: false });
    say("page", { page: `${shop}/two`, narrow: true, theme: "light", locale: null });
    say("prefill", { text: "Hello" });
    await vi.waitFor(() => expect(host.prefill.value).toEqual({ text: "Hello" }));
    expect(host.open.value).toBe(true);
    expect(host.focusAsked.value).toBe(1);
    expect(host.narrow.value).toBe(true);
    expect(host.theme.value).toBe("light");
    expect(host.locale.value).toBeNull();
    expect(host.page()).toBe(`${shop}/two`);
    const heard = new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
    host.send("unread", { count: 2 });
    expect(await heard).toEqual({ call: "unread", with: { count: 2 } });
    const kept = [
      host.keep("draft", "Hel"),
      host.keep("outbox", "[]"),
      host.keep("chat", "1", true),
    ];
    say("kept", { name: "draft", kept: true });
    say("kept", { name: "outbox", kept: false });
    say("kept", { name: "chat", kept: true });
    expect(await Promise.all(kept)).toEqual([true, false, true]);
    port1.close();
    port2.close();
  });

  it("[W69] takes no answer for a no, and later answers for what they answer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    const { frame, receive } = frameIn();
    const found = connectHost(frame, [shop]);
    const { port1, port2 } = new MessageChannel();
    receive({ data: connect, ports: [port2] });
    const host = await found;
    const late = host.keep("draft", "Hel");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await late).toBe(false);
    const next = host.keep("outbox", "[]");
    for (const kept of [true, false]) port1.postMessage({ call: "kept", with: { kept } });
    // The first of them is the one that was waited for too long.
    expect(await next).toBe(false);
    vi.useRealTimers();
    port1.close();
    port2.close();
  });
});
