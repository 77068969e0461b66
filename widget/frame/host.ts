import { batch, type ReadonlySignal, signal } from "@preact/signals";
import type {
  Call,
  FrameReady,
  FrameToHost,
  HostConnect,
  HostHello,
  HostToFrame,
} from "#shared/protocol/host.ts";

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
  page(): string;
  send<Name extends keyof FrameToHost>(call: Name, value: FrameToHost[Name]): void;
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
        page = value.url;
        return;
      case "viewport":
        narrow.value = value.narrow;
        return;
      case "theme":
        theme.value = value.theme;
        return;
      case "locale":
        locale.value = value.locale;
        return;
      case "prefill":
        prefill.value = { text: value.text };
    }
  };

  return {
    token: hello.token,
    kept: hello.kept,
    open,
    focusAsked,
    narrow,
    locale,
    theme,
    prefill,
    // A loader from before this was kept says nothing of it.
    draft: hello.draft ?? "",
    page: () => page,
    send: (call, value) => port.postMessage({ call, with: value }),
  };
}

function isConnect(data: unknown): data is HostConnect {
  const { parley, v, hello } = (data ?? {}) as Partial<HostConnect>;
  return parley === "connect" && v === 1 && /^[\w-]{43}$/.test(hello?.token ?? "");
}
