/**
 * Engine.IO over one WebSocket, which is all that Socket.IO's client needs of engine.io-client here:
 * sockets speak WebSocket and nothing else (decision 13), and everything sent is text. The
 * browser bundles take this file in that package's place (vite.config.ts), six times lighter; the
 * names are the package's, the protocol is its revision 4.
 */
export class Socket {
  readonly #line: WebSocket;
  readonly #hears = new Map<string, (value: unknown) => void>();
  #open = false;
  /** The longest silence of a living server, which says so when it opens. */
  #patience = 0;
  #deadAt = Number.POSITIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, { path }: { path: string }) {
    const line = new WebSocket(`${url.replace("http", "ws")}${path}/?EIO=4&transport=websocket`);
    line.onmessage = ({ data }) => this.#hear(`${data}`);
    line.onerror = line.onclose = this.#lost;
    this.#line = line;
  }

  /** Whether what may be lost should be sent, or what was sent before still stands in line. */
  get transport(): { writable: boolean } {
    return { writable: this.#line.bufferedAmount === 0 };
  }

  /** One hearer an event, as Socket.IO's manager has it. */
  on(event: string, hear: (value: unknown) => void): void {
    this.#hears.set(event, hear);
  }

  off(event: string): void {
    this.#hears.delete(event);
  }

  write(message: string): void {
    this.#line.send(`4${message}`);
  }

  /** Timers stand still while a machine sleeps; asked before something is sent, the clock tells. */
  _hasPingExpired(): boolean {
    const expired = Date.now() > this.#deadAt;
    if (expired) nextTick(this.#lost);
    return expired;
  }

  /** Without a word to anybody; what was written before still goes out. */
  close(): void {
    const line = this.#line;
    clearTimeout(this.#timer);
    line.onmessage = line.onerror = line.onclose = null;
    line.close();
  }

  #hear(packet: string): void {
    const rest = packet.slice(1);
    switch (packet[0]) {
      case "0": {
        const { pingInterval, pingTimeout } = JSON.parse(rest);
        this.#patience = pingInterval + pingTimeout;
        this.#open = true;
        this.#alive();
        this.#tell("open");
        break;
      }
      case "2":
        this.#line.send("3");
        this.#alive();
        break;
      case "4":
        this.#tell("data", rest);
    }
  }

  #alive(): void {
    clearTimeout(this.#timer);
    this.#deadAt = Date.now() + this.#patience;
    this.#timer = setTimeout(this.#lost, this.#patience);
  }

  #lost = (): void => {
    this.close();
    if (this.#open) this.#tell("close", "transport close");
    else this.#tell("error", new Error("no connection"));
  };

  #tell(event: string, value?: unknown): void {
    this.#hears.get(event)?.(value);
  }
}

export const nextTick = (run: () => void): void => queueMicrotask(run);

/** Gives Socket.IO's manager its timers. */
export function installTimerFunctions(manager: object): void {
  Object.assign(manager, {
    setTimeoutFn: setTimeout.bind(globalThis),
    clearTimeoutFn: clearTimeout.bind(globalThis),
  });
}
