import type { Frame, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ParleyApi } from "#widget/loader/api.ts";
import { type Chromium, launchChromium, type Person } from "../../support/chromium.ts";
import { serveHostPages } from "../../widget/support/hostPages.ts";

type Heard = { call: string; with: Record<string, unknown> };
declare global {
  interface Window {
    heard: Heard[];
    hello: Record<string, unknown>;
    port: MessagePort;
  }
}

let served: Awaited<ReturnType<typeof serveHostPages>>;
let chromium: Chromium;
let visitor: Person;
let page: Page;

beforeAll(async () => {
  [served, chromium] = await Promise.all([serveHostPages(), launchChromium()]);
});
afterAll(async () => {
  await chromium?.close();
  await served?.close();
});
beforeEach(async () => {
  await comeAnew();
});
afterEach(async () => {
  served.breakFrames(false);
  const { complaints } = visitor;
  await visitor.context.close();
  expect(complaints).toEqual([]);
});

/** A visitor with a browser that knows nothing yet. */
async function comeAnew() {
  visitor = await chromium.person("visitor", { viewport: { width: 1000, height: 800 } });
  visitor.expects(/favicon\.ico/);
  page = await visitor.tab();
}

const launcher = () => page.locator("parley-widget button");
const panel = () => page.locator("parley-widget div");
const visit = async (name: string) => {
  await page.goto(`${served.origin}/${name}.html`);
  await launcher().waitFor();
};
const api = <Value>(act: (parley: ParleyApi) => Value) =>
  page.evaluate(`(${act})(window.Parley)`) as Promise<Value>;

/** The stub inside the panel, once the two have found each other. */
async function frame(): Promise<Frame> {
  await page.locator("parley-widget iframe").waitFor();
  const found = page.frames().find((each) => each.url().includes("/frame/"));
  if (!found) throw new Error("no frame");
  await found.waitForFunction(
    () => "port" in window && window.heard.some((h) => h.call === "open"),
  );
  return found;
}
const say = async (message: unknown) =>
  (await frame()).evaluate((value) => window.port.postMessage(value), message);
const last = async (call: string) =>
  (await frame()).evaluate((name) => window.heard.findLast((h) => h.call === name)?.with, call);

describe("the loader before the visitor opens it", () => {
  it("[W1] asks for itself and nothing else, and keeps nothing", async () => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await visit("plain");
    await page.waitForTimeout(1_200);
    expect(asked.filter((url) => url.startsWith(served.publicUrl))).toEqual([
      `${served.publicUrl}/widget.js`,
    ]);
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  });

  it("[W2] shows a button that assistive technology can use", async () => {
    await visit("plain");
    const button = page.getByRole("button", { name: "Chat", expanded: false });
    expect(await button.count()).toBe(1);
    const box = await button.boundingBox();
    expect([box?.width, box?.height]).toEqual([56, 56]);
    await page.locator("#own").focus();
    await page.keyboard.press("Tab");
    expect(await button.evaluate((element) => element.matches(":focus-visible"))).toBe(true);
  });
});

describe("the handshake", () => {
  it("[W3] hands port and hello to the frame, once asked", async () => {
    await visit("plain");
    await launcher().click();
    const hello = await (await frame()).evaluate(() => window.hello);
    expect(hello).toEqual({
      token: expect.stringMatching(/^[\w-]{43}$/),
      kept: true,
      locale: "",
      theme: "auto",
      narrow: false,
      page: `${served.origin}/plain.html`,
      draft: null,
      outbox: null,
    });
    expect(page.url()).not.toContain(hello.token as string);
    expect((await frame()).url()).toBe(`${served.publicUrl}/frame/${served.site}`);
    expect(await page.locator("parley-widget iframe").getAttribute("title")).toBe("Chat");
  });

  it("[W4] ignores a wrong source, a wrong origin and a wrong shape", async () => {
    await visit("plain");
    await launcher().click();
    await frame();
    const answered = await page.evaluate(async () => {
      const answers: unknown[] = [];
      const hear = (event: MessageEvent) => answers.push(event.data);
      window.addEventListener("message", (event) => {
        if (event.data?.parley === "connect") answers.push(event.data);
      });
      // The right words from this window, and from a frame of the page's own.
      window.postMessage({ parley: "ready", v: 1 }, "*");
      const own = document.createElement("iframe");
      own.srcdoc = `<script>onmessage = (e) => parent.postMessage({stolen: e.data}, "*"); parent.postMessage({ parley: "ready", v: 1 }, "*")</script>`;
      document.body.append(own);
      window.addEventListener("message", (event) => {
        if (event.data?.stolen) hear(event);
      });
      await new Promise((resolve) => setTimeout(resolve, 300));
      return answers;
    });
    expect(answered).toEqual([]);

    visitor.expects(/404/);
    // The right window under a wrong address: the frame was led to another origin.
    const stolen = await page.evaluate(async (elsewhere) => {
      const element = document.querySelector("parley-widget")?.shadowRoot?.querySelector("iframe");
      if (!element) throw new Error("no frame");
      element.src = elsewhere;
      await new Promise((resolve) => element.addEventListener("load", resolve, { once: true }));
      const inside = (element as HTMLIFrameElement).contentWindow as Window & { got?: unknown };
      inside.addEventListener("message", (event) => {
        inside.got = event.data;
      });
      (inside as unknown as { eval(code: string): void }).eval(
        'parent.postMessage({ parley: "ready", v: 1 }, "*")',
      );
      await new Promise((resolve) => setTimeout(resolve, 300));
      return inside.got ?? null;
    }, `${served.origin}/nothing-here`);
    expect(stolen).toBeNull();
  });

  it("[W4] answers no ready but version 1, and survives whatever comes over the port", async () => {
    await visit("plain");
    await launcher().click();
    const inside = await frame();
    const hellos = await inside.evaluate(async () => {
      let count = 0;
      window.addEventListener("message", () => {
        count += 1;
      });
      for (const data of [null, 1, "ready", { parley: "ready", v: 2 }, { parley: ["ready"] }, []]) {
        parent.postMessage(data, "*");
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
      return count;
    });
    expect(hellos).toBe(0);
    for (const message of [
      null,
      7,
      "close",
      [],
      { call: "destroy", with: {} },
      { call: "unread", with: null },
      { call: "unread", with: { count: "<b>" } },
      { call: "unread", with: { count: -1 } },
      { call: "keep", with: null },
      { call: "keep", with: { name: "look", text: {}, lasts: true } },
      { call: "keep", with: { name: {}, text: 7 } },
      { call: "labels", with: {} },
    ]) {
      await say(message);
    }
    await say({ call: "unread", with: { count: 2 } });
    await page.waitForFunction(() => (window.Parley as ParleyApi).unread() === 2);
  });

  it("[W3] gives a frame that loaded again a new port, and the same visitor", async () => {
    await visit("plain");
    await launcher().click();
    const before = await (await frame()).evaluate(() => {
      const { token } = window.hello;
      window.location.reload();
      return token;
    });
    await page.waitForTimeout(300);
    expect(await (await frame()).evaluate(() => window.hello.token)).toBe(before);
  });
});

describe("the visitor's token", () => {
  const token = async () => (await frame()).evaluate(() => window.hello);

  it("[W5] lasts over pages and tabs, and differs between browsers", async () => {
    await visit("plain");
    await launcher().click();
    const first = await token();
    await visit("strict");
    expect((await token()).token).toBe(first.token);
    page = await visitor.tab();
    await visit("plain");
    await launcher().click();
    expect((await token()).token).toBe(first.token);

    await visitor.context.close();
    await comeAnew();
    await visit("plain");
    await launcher().click();
    expect((await token()).token).not.toBe(first.token);
  });

  it("[W6] lives in memory where the browser keeps nothing, and says so", async () => {
    await visitor.context.addInitScript(() => {
      for (const area of ["localStorage", "sessionStorage"]) {
        Object.defineProperty(window, area, {
          get() {
            throw new DOMException("denied", "SecurityError");
          },
        });
      }
    });
    await visit("plain");
    await launcher().click();
    const first = await token();
    expect(first.kept).toBe(false);
    expect(first.token).toMatch(/^[\w-]{43}$/);
    await (await frame()).evaluate(() => window.location.reload());
    await page.waitForTimeout(300);
    expect((await token()).token).toBe(first.token);
  });
});

describe("opening and closing", () => {
  it("[W7] moves the focus into the panel and back to the launcher", async () => {
    await visit("plain");
    await launcher().focus();
    await page.keyboard.press("Enter");
    const inside = await frame();
    await inside.waitForFunction(
      () => document.hasFocus() && document.activeElement?.id === "field",
    );
    expect(await page.getByRole("button", { name: "Chat", expanded: true }).count()).toBe(1);
    await say({ call: "close", with: { focusVisible: true } });
    await panel().waitFor({ state: "hidden" });
    expect(await launcher().evaluate((button) => button.matches(":focus-visible"))).toBe(true);
    await page.keyboard.press("Enter");
    await panel().waitFor();
    await launcher().focus();
    await page.keyboard.press("Escape");
    await panel().waitFor({ state: "hidden" });
  });

  it("[W72] brightens the launcher under a mouse", async () => {
    await visit("plain");
    const look = () => launcher().evaluate((button) => getComputedStyle(button).filter);
    expect(await look()).toBe("none");
    await launcher().hover();
    expect(await look()).toBe("brightness(1.2)");
  });

  it("[W66] shows no ring round the launcher to who closed the panel with a pointer", async () => {
    await visit("plain");
    await launcher().click();
    await frame();
    await say({ call: "close", with: { focusVisible: false } });
    await panel().waitFor({ state: "hidden" });
    const matches = (selector: string) =>
      launcher().evaluate((button, asked) => button.matches(asked), selector);
    expect([await matches(":focus"), await matches(":focus-visible")]).toEqual([true, false]);
  });

  it("[W62] hands what was half written to the frame on the next page of the same tab", async () => {
    await visit("plain");
    await launcher().click();
    await frame();
    await say({ call: "keep", with: { name: "draft", text: "Half a sent" } });
    await page.waitForFunction(() => Object.values({ ...sessionStorage }).includes("Half a sent"));
    await page.reload();
    expect((await (await frame()).evaluate(() => window.hello)).draft).toBe("Half a sent");
  });

  it("[W68] keeps 64 kB for the frame in this tab, and answers what it could not keep", async () => {
    await visit("plain");
    await launcher().click();
    await frame();
    const keep = async (text: string) => {
      await say({ call: "keep", with: { name: "outbox", text } });
      return (await frame()).waitForFunction(
        (past) => window.heard.filter((h) => h.call === "kept").length > past && window.heard,
        kept++,
      );
    };
    let kept = 0;
    await keep("one");
    expect(await last("kept")).toEqual({ name: "outbox", kept: true });
    await keep("x".repeat(32_769));
    expect(await last("kept")).toEqual({ name: "outbox", kept: false });
    await page.reload();
    expect(await (await frame()).evaluate(() => window.hello.outbox)).toBe("one");
    page = await visitor.tab();
    await visit("plain");
    await launcher().click();
    expect(await (await frame()).evaluate(() => window.hello.outbox)).toBeNull();
  });

  it("[W8] is as it was on the next page, without taking the focus", async () => {
    await visit("plain");
    await launcher().click();
    await frame();
    await page.reload();
    await panel().waitFor();
    expect(await last("open")).toEqual({ open: true, focus: false });
    expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    await launcher().click();
    await page.reload();
    await launcher().waitFor();
    expect(await panel().isVisible()).toBe(false);
  });

  it("[W9] follows a chat that goes on, unseen, on every page", async () => {
    await visit("plain");
    await launcher().click();
    await say({ call: "keep", with: { name: "chat", text: "1", lasts: true } });
    await launcher().click();
    await page.reload();
    await launcher().waitFor();
    await page.locator("parley-widget iframe").waitFor({ state: "attached" });
    const inside = page.frames().find((each) => each.url().includes("/frame/")) as Frame;
    await inside.waitForFunction(() => "port" in window);
    await inside.evaluate(() => window.port.postMessage({ call: "unread", with: { count: 120 } }));
    await inside.evaluate(() =>
      window.port.postMessage({
        call: "labels",
        with: { open: "Open", close: "Close", unread: "Open, 120 unread", title: "Chat with us" },
      }),
    );
    await page.getByRole("button", { name: "Open, 120 unread" }).waitFor();
    const badge = await launcher().evaluate(
      (button) => getComputedStyle(button, "::after").content,
    );
    expect(badge).toContain("99+");
    expect(await panel().isVisible()).toBe(false);
  });

  it("[W10] says so when the frame cannot be loaded, and tries again by itself", async () => {
    served.breakFrames(true);
    visitor.expects(/404/);
    await page.clock.install();
    await visit("plain");
    await launcher().click();
    await page.clock.runFor(10_500);
    await page.getByRole("status").filter({ hasText: "No connection" }).waitFor();
    served.breakFrames(false);
    await page.clock.runFor(10_500);
    await page.clock.resume();
    await frame();
    await page.locator("parley-widget p").waitFor({ state: "hidden" });
  });

  it("[W11] fills a small screen, holds the page still and gives it back", async () => {
    await page.setViewportSize({ width: 400, height: 700 });
    await visit("plain");
    await page.evaluate(() => window.scrollTo(0, 300));
    await launcher().click();
    await frame();
    const screen = { x: 0, y: 0, width: 400, height: 700 };
    expect(await panel().boundingBox()).toEqual(screen);
    expect(await page.locator("parley-widget iframe").boundingBox()).toEqual(screen);
    expect(await page.evaluate(() => document.body.inert)).toBe(true);
    expect(await launcher().isVisible()).toBe(false);
    await say({ call: "close", with: {} });
    await launcher().waitFor();
    expect(
      await page.evaluate(() => [window.scrollY, document.body.inert, document.body.style.cssText]),
    ).toEqual([300, false, ""]);
    // Wider while open: a panel again, with the page free.
    await launcher().click();
    await page.setViewportSize({ width: 1000, height: 800 });
    await page.waitForFunction(() => !document.body.inert);
    expect((await panel().boundingBox())?.width).toBe(376);
    expect(await last("page")).toMatchObject({ narrow: false });
  });
});

it("[W71] leaves a page that was loaded again behind it where it stood", async () => {
  await page.setViewportSize({ width: 400, height: 700 });
  await visit("plain");
  await page.evaluate(() => window.scrollTo(0, 300));
  await launcher().click();
  await frame();
  await page.reload();
  await frame();
  expect(await page.evaluate(() => document.body.style.top)).toBe("-300px");
  await say({ call: "close", with: {} });
  await launcher().waitFor();
  expect(await page.evaluate(() => [scrollY, document.body.inert])).toEqual([300, false]);
  // Another page is seen from its beginning.
  await launcher().click();
  await page.goto(`${served.origin}/plain.html?two`);
  await frame();
  await say({ call: "close", with: {} });
  await launcher().waitFor();
  expect(await page.evaluate(() => [scrollY, document.body.inert])).toEqual([0, false]);
});

describe("the page's script", () => {
  it("[W12] can drive the widget and hear from it", async () => {
    await visit("plain");
    expect(await api((parley) => [parley.isOpen(), parley.unread()])).toEqual([false, 0]);
    await page.evaluate(() => {
      const parley = window.Parley as ParleyApi;
      const log: unknown[] = [];
      Object.assign(window, { log });
      parley.on("open", () => log.push("open"));
      parley.on("close", () => log.push("close"));
      parley.on("unread", (count) => log.push(count));
      const stop = parley.on("open", () => log.push("stopped"));
      stop();
    });
    await api((parley) => {
      parley.prefill("About order 7");
      parley.setTheme("dark");
      parley.setLocale("uk");
      parley.toggle();
    });
    const inside = await frame();
    expect(await inside.evaluate(() => window.hello)).toMatchObject({
      theme: "dark",
      locale: "uk",
    });
    expect(await last("prefill")).toEqual({ text: "About order 7" });
    await api((parley) => {
      parley.setTheme("light");
      parley.setLocale("pl");
    });
    await inside.waitForFunction(() => window.heard.some((h) => h.with.locale === "pl"));
    expect(await last("page")).toMatchObject({ theme: "light" });
    await say({ call: "unread", with: { count: 3 } });
    await page.waitForFunction(() => (window.Parley as ParleyApi).unread() === 3);
    await api((parley) => parley.hide());
    expect(await launcher().isVisible()).toBe(false);
    await api((parley) => parley.show());
    expect(await launcher().isVisible()).toBe(true);
    expect(await page.evaluate("log")).toEqual(["open", 3, "close"]);
  });

  it("[W12] keeps the widget whole when a handler throws", async () => {
    await visit("plain");
    await api((parley) => {
      parley.on("open", () => {
        throw new Error("the page's own fault");
      });
      parley.open();
    });
    await frame();
    expect(await panel().isVisible()).toBe(true);
    expect(visitor.complaints).toEqual([expect.stringContaining("the page's own fault")]);
    visitor.expects(/the page's own fault/);
  });

  it("[W13] tells the frame where the visitor goes, without touching history", async () => {
    await visit("plain");
    const untouched = () => /\[native code\]/.test(`${history.pushState}${history.replaceState}`);
    expect(await page.evaluate(untouched)).toBe(true);
    await launcher().click();
    const inside = await frame();
    for (const [go, where] of [
      ["history.pushState(null, '', '/products')", "/products"],
      ["history.replaceState(null, '', '/products?page=2')", "/products?page=2"],
      ["location.hash = 'reviews'", "/products?page=2#reviews"],
      ["history.back()", "/products?page=2"],
    ] as const) {
      await page.evaluate(go);
      await inside.waitForFunction(
        (url) => window.heard.findLast((h) => h.call === "page")?.with.page === url,
        served.origin + where,
      );
    }
  });

  it("[W14] removes everything, and starts anew when the script comes again", async () => {
    await visit("plain");
    const include = () =>
      page.evaluate(() => {
        const [old] = document.querySelectorAll<HTMLScriptElement>("script[data-site]");
        const script = document.createElement("script");
        script.src = old?.src ?? "";
        script.dataset.site = old?.dataset.site;
        document.head.append(script);
      });
    await launcher().click();
    const token = await (await frame()).evaluate(() => window.hello.token);
    await page.evaluate(() => {
      Object.assign(window, { old: window.Parley });
      (window.Parley as ParleyApi).destroy();
    });
    expect(await page.locator("parley-widget").count()).toBe(0);
    expect(await page.evaluate(() => "Parley" in window && window.Parley !== undefined)).toBe(
      false,
    );
    // Whoever still holds the old handle moves nothing.
    await page.evaluate("old.open(); old.toggle(); old.prefill('x'); old.setTheme('dark')");
    expect(await page.locator("parley-widget").count()).toBe(0);
    await include();
    await launcher().click();
    expect(await (await frame()).evaluate(() => window.hello.token)).toBe(token);
  });
});

describe("hostile pages", () => {
  it("[W15] works under the strictest policy, trusted types included", async () => {
    await visit("strict");
    await launcher().click();
    await frame();
    const look = "background:#ffd43b;color:#111318";
    await say({ call: "keep", with: { name: "look", text: look, lasts: true } });
    await page.waitForFunction(
      () =>
        getComputedStyle(
          document
            .querySelector("parley-widget")
            ?.shadowRoot?.querySelector("div ~ button") as Element,
        ).backgroundColor === "rgb(255, 212, 59)",
    );
    expect((await panel().boundingBox())?.width).toBe(376);
    expect((await panel().boundingBox())?.height).toBe(680);
    // The page is Polish, so is what stands there before the frame speaks.
    expect(await (await frame()).evaluate(() => window.hello.locale)).toBe("pl");
  });

  it("[W16] works among patched globals and an AMD loader", async () => {
    await visit("globals");
    await launcher().click();
    await frame();
    await say({ call: "unread", with: { count: 1 } });
    await page.waitForFunction(() => (window.Parley as ParleyApi).unread() === 1);
    await api((parley) => parley.q.push(["close"], ["setTheme", "dark"]));
    await panel().waitFor({ state: "hidden" });
  });

  it("[W17] stands above a page that stacks and styles everything", async () => {
    await visit("stacking");
    const box = await launcher().boundingBox();
    expect([box?.x, box?.y]).toEqual([1000 - 16 - 56, 800 - 16 - 56]);
    await launcher().click();
    await frame();
    expect(await panel().boundingBox()).toEqual({ x: 608, y: 36, width: 376, height: 680 });
    const inside = await page.locator("parley-widget iframe").boundingBox();
    expect(inside).toEqual({ x: 609, y: 37, width: 374, height: 678 });
    const top = await page.evaluate(() => document.elementFromPoint(800, 400)?.localName);
    expect(top).toBe("parley-widget");
  });

  it("[W18] is there once when the script is included twice, and takes the calls left for it", async () => {
    await visit("twice");
    await page.waitForLoadState("load");
    expect(await page.locator("parley-widget").count()).toBe(1);
    await launcher().click();
    await frame();
    expect(await last("prefill")).toEqual({ text: "Hello" });
    expect(await page.locator("body").innerText()).toContain("opened");
  });
});
