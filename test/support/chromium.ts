import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";

/** Somebody at a browser of their own: nothing is shared with anybody else's. */
export type Person = {
  readonly name: string;
  readonly context: BrowserContext;
  /** Clicks, or taps where there is no mouse. */
  press(target: Locator): Promise<void>;
  /** All that the server has sent to this person's sockets, or instead of that, frames of all pages together. */
  readonly received: readonly string[];
  /** What went wrong in this person's pages: errors, failed requests, broken content policies. */
  readonly complaints: readonly string[];
  /** From now on what matches is no complaint, and what matched before never was. */
  expects(...patterns: RegExp[]): void;
  tab(): Promise<Page>;
};

export type PersonOptions = {
  locale?: string;
  zone?: string;
  viewport?: { width: number; height: number };
  touch?: boolean;
  dark?: boolean;
  /** How many pixels of the screen one of the page's is. */
  scale?: number;
  /** As a browser that gives embedded pages of other sites no storage at all. */
  thirdPartyStorage?: "blocked";
};

export type Chromium = {
  person(name: string, options?: PersonOptions): Promise<Person>;
  close(): Promise<void>;
};

export type ChromiumOptions = {
  /** Host names that lead to ports of this machine. */
  hosts?: Readonly<Record<string, number>>;
  /** SHA-256 of the public keys of self-made certificates, as base64. */
  trusted?: readonly string[];
};

/** Playwright switches partitioned storage off; real browsers have it on, so the list is said anew. */
const switchedOff = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "MediaRouter",
  "PaintHolding",
  "OptimizationHints",
  "PreconnectToSearch",
];

/** The real browser, with as little of its own traffic as can be had. */
export async function launchChromium({
  hosts = {},
  trusted = [],
}: ChromiumOptions = {}): Promise<Chromium> {
  const launch = (off: readonly string[]) => ({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--disable-features=${off.join(",")}`,
      `--host-resolver-rules=${Object.entries(hosts)
        .map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`)
        .join(",")}`,
      ...(trusted.length > 0 ? [`--ignore-certificate-errors-spki-list=${trusted.join(",")}`] : []),
    ],
  });
  const closing: (() => Promise<void>)[] = [];
  let shared: Promise<Browser> | undefined;

  /** Settings of a profile can only be written before the browser starts, so this one has a browser of its own. */
  async function strictContext(options: Parameters<Browser["newContext"]>[0]) {
    const folder = await mkdtemp(join(tmpdir(), "parley-profile-"));
    await mkdir(join(folder, "Default"));
    const settings = { profile: { cookie_controls_mode: 1, block_third_party_cookies: true } };
    await writeFile(join(folder, "Default", "Preferences"), JSON.stringify(settings));
    closing.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    // With partitioning, pages that may not have the site's storage get one of their own instead.
    const off = [...switchedOff, "ThirdPartyStoragePartitioning"];
    return await chromium.launchPersistentContext(folder, { ...launch(off), ...options });
  }

  return {
    async person(name, options = {}) {
      const wanted = {
        locale: options.locale ?? "en-GB",
        timezoneId: options.zone ?? "Europe/Warsaw",
        viewport: options.viewport ?? { width: 1280, height: 800 },
        hasTouch: options.touch ?? false,
        isMobile: options.touch ?? false,
        colorScheme: options.dark ? ("dark" as const) : ("light" as const),
        deviceScaleFactor: options.scale ?? 1,
      };
      shared ??= chromium.launch(launch(switchedOff));
      const strict = options.thirdPartyStorage === "blocked";
      const context = strict
        ? await strictContext(wanted)
        : await (await shared).newContext(wanted);
      closing.push(() => context.close());
      return await watch(name, context, options.touch ?? false);
    },
    async close() {
      for (const end of closing.splice(0).reverse()) await end();
      await (await shared)?.close();
    },
  };
}

async function watch(name: string, context: BrowserContext, touch: boolean): Promise<Person> {
  const received: string[] = [];
  const said: string[] = [];
  const expected: RegExp[] = [];
  context.on("console", (message) => {
    if (message.type() !== "error") return;
    said.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => {
    said.push(`uncaught ${error.error().stack ?? error.error()}`);
  });
  const hear = (page: Page) => {
    page.on("crash", () => said.push("the page crashed"));
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => received.push(payload.toString())),
    );
  };
  for (const page of context.pages()) hear(page);
  context.on("page", hear);
  // What a visitor without a WebSocket is told; a poll that is called off has nothing to say.
  context.on("response", (response) => {
    if (!response.url().includes("/api/visitor/")) return;
    response.text().then(
      (text) => received.push(text),
      () => undefined,
    );
  });
  // Reports in every frame, also where a policy's own report would go unseen.
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy broken: ${event.violatedDirective} by ${event.blockedURI}`);
    });
  });
  return {
    name,
    context,
    press: (target) => (touch ? target.tap() : target.click()),
    received,
    get complaints() {
      return said.filter((line) => !expected.some((pattern) => pattern.test(line)));
    },
    expects: (...patterns) => void expected.push(...patterns),
    tab: () => context.newPage(),
  };
}
