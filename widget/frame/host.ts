import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type {
  Call,
  FrameReady,
  FrameToHost,
  HostConnect,
  HostHello,
  HostToFrame,
  Kept,
} from "#shared/protocol/host.ts";

/** A page that is there answers at once. */
const answerMs = 2_000;

/** The page around the frame, as far as the frame may know it. */
export type Host = {
  token: string;
  /** Whether the page could keep the token. */
  kept: boolean;
  open: ReadonlySignal<boolean>;
  /** Grows whenever the visitor opened the panel and expects the focus inside. */
  focusAsked: ReadonlySignal<number>;
  narrow: ReadonlySignal<boolean>;
  locale: ReadonlySignal<string | null>;
  theme: ReadonlySignal<HostHello["theme"]>;
  /** Words the page's script wants in the composer; each set is one wish. */
  prefill: ReadonlySignal<{ text: string } | null>;
  /** What the visitor had half written before this page was loaded. */
  draft: string;
  /** What the frame had the page keep of what was not sent. */
  outbox: string;
  page(): string;
  send<Name extends keyof FrameToHost>(call: Name, value: FrameToHost[Name]): void;
  /** Has the page keep something, and tells whether it could; an older page never answers, which is a no. */
  keep(name: Kept, text: string, lasts?: boolean): Promise<boolean>;
};

/**
 * Says ready to the page around and waits for its port. Both ways only with an origin the site lists:
 * the page's own script is the only one that ever learns anything, and nobody else can hand in a token.
 */
export function connectHost(frame: Window, origins: readonly string[]): Promise<Host> {
  return new Promise((resolve) => {
    const onMessage = (event: MessageEvent) => {
      const [port] = event.ports;
      if (event.source !== frame.parent || !origins.includes(event.origin) || !port) return;
      if (!isConnect(event.data)) return;
      frame.removeEventListener("message", onMessage);
      resolve(hostOn(port, event.data.hello));
    };
    frame.addEventListener("message", onMessage);
    const ready: FrameReady = { parley: "ready", v: 1 };
    // Only the one that is the parent's gets it; where the browser says which, the others aren't tried.
    const parent = frame.location.ancestorOrigins?.[0];
    const asked = parent === undefined ? origins : origins.filter((origin) => origin === parent);
    for (const origin of asked) frame.parent.postMessage(ready, origin);
  });
}

function hostOn(port: MessagePort, hello: HostHello): Host {
  const open = signal(false);
  const focusAsked = signal(0);
  const narrow = signal(hello.narrow);
  const locale = signal(hello.locale);
  const theme = signal(hello.theme);
  const prefill = signal<{ text: string } | null>(null);
  /** By number, since the page answers in order; what an older one doesn't answer is given up. */
  const asked = new Map<number, (kept: boolean) => void>();
  let posted = 0;
  let answered = 0;
  let page = hello.page;

  port.onmessage = (event) => {
    const { call, with: value } = event.data as Call<HostToFrame>;
    switch (call) {
      case "open":
        return batch(() => {
          open.value = value.open;
          if (value.open && value.focus) focusAsked.value += 1;
        });
      case "page":
        page = value.page;
        narrow.value = value.narrow;
        locale.value = value.locale;
        theme.value = value.theme;
        return;
      case "kept":
        return asked.get(answered++)?.(value.kept);
      case "prefill":
        prefill.value = { text: value.text };
    }
  };

  const send: Host["send"] = (call, value) => port.postMessage({ call, with: value });
  return {
    token: hello.token,
    kept: hello.kept,
    open,
    focusAsked,
    narrow,
    locale,
    theme,
    prefill,
    // A loader from before these were kept says nothing of them.
    draft: hello.draft ?? "",
    outbox: hello.outbox ?? "",
    page: () => page,
    send,
    keep(name, text, lasts = false) {
      send("keep", { name, text, lasts });
      const number = posted++;
      return new Promise<boolean>((kept) => {
        asked.set(number, kept);
        setTimeout(kept, answerMs, false);
      }).finally(() => asked.delete(number));
    },
  };
}

function isConnect(data: unknown): data is HostConnect {
  const { parley, v, hello } = (data ?? {}) as Partial<HostConnect>;
  return parley === "connect" && v === 1 && /^[\w-]{43}$/.test(hello?.token ?? "");
}
