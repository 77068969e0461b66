import type {
  Call,
  FrameToHost,
  HostConnect,
  HostHello,
  HostToFrame,
} from "#shared/protocol/host.ts";

/** The talk with the frame: a handshake by window message, then a port that nobody else holds. */
export type FrameLink = {
  /** Dropped before the frame has answered: `hello` will tell it everything. */
  send<Name extends keyof HostToFrame>(call: Name, value: HostToFrame[Name]): void;
  end(): void;
};

export function linkFrame(
  frame: HTMLIFrameElement,
  origin: string,
  hello: () => HostHello,
  heard: (call: Call<FrameToHost>) => void,
  connected: () => void,
): FrameLink {
  let port: MessagePort | undefined;

  const onMessage = ({ source, origin: from, data }: MessageEvent) => {
    if (!source || source !== frame.contentWindow || from !== origin) return;
    if (data?.parley !== "ready" || data.v !== 1) return;
    // The frame may load again by itself, to fetch a new ticket: its new page gets a new port.
    port?.close();
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = (event) => {
      if (isCall(event.data)) heard(event.data);
    };
    const connect: HostConnect = { parley: "connect", v: 1, hello: hello() };
    frame.contentWindow?.postMessage(connect, origin, [channel.port2]);
    connected();
  };

  addEventListener("message", onMessage);
  return {
    send: (call, value) => port?.postMessage({ call, with: value }),
    end() {
      removeEventListener("message", onMessage);
      port?.close();
    },
  };
}

/** An example of every call, to hold what comes against. */
const calls = new Map<unknown, object>(
  Object.entries({
    close: {},
    unread: { count: 0 },
    theme: { accent: "", onAccent: "" },
    labels: { open: "", close: "", unread: "", title: "" },
    chat: { open: true },
  } satisfies FrameToHost),
);

function isCall(
  data: { call?: unknown; with?: Record<string, unknown> } | null,
): data is Call<FrameToHost> {
  const example = calls.get(data?.call);
  if (!example || !data?.with) return false;
  for (const [name, value] of Object.entries(example)) {
    if (typeof data.with[name] !== typeof value) return false;
  }
  return true;
}
