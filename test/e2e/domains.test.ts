import { randomBytes } from "node:crypto";
import type { Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Certificate, makeCertificates } from "../support/certificates.ts";
import type { PersonOptions } from "../support/chromium.ts";
import { expectAllRead, expectOneTruth, holdConversation } from "../support/conversation.ts";
import { freePort } from "../support/freePort.ts";
import { type HostSite, startHostSite } from "../support/hostSite.ts";
import { playScene, type Scene, type SceneOptions } from "../support/scene.ts";
import { nativeStores, type Stores } from "../support/stack.ts";
import { startTlsProxy, type TlsProxy } from "../support/tlsProxy.ts";
import type { Visitor } from "../support/visitor.ts";

const chatHost = "chat.parley-chat.example";
const shopHost = "www.garden-shop.example";
const plainHost = "www.corner-shop.example";
const shop = `https://${shopHost}`;
const plainShop = `http://${plainHost}`;
const owner = { email: "owner@parley-chat.example", name: "Owner", role: "owner" };

describe("a production server behind a proxy, embedded by other domains", () => {
  const password = randomBytes(12).toString("base64url");
  let stores: Stores;
  let certificates: Record<typeof chatHost | typeof shopHost, Certificate>;
  let site: HostSite;
  let proxy: TlsProxy;
  let options: SceneOptions;

  beforeAll(async () => {
    [stores, certificates] = await Promise.all([
      nativeStores(),
      makeCertificates([chatHost, shopHost]),
    ]);
  });
  afterAll(() => stores.close());
  beforeEach(async () => {
    const port = await freePort();
    site = await startHostSite({ origin: `https://${chatHost}`, site: "main" });
    proxy = await startTlsProxy({
      [chatHost]: { certificate: certificates[chatHost], port },
      [shopHost]: { certificate: certificates[shopHost], port: site.port },
    });
    options = {
      stores,
      parley: {
        port,
        env: {
          NODE_ENV: "production",
          PUBLIC_URL: `https://${chatHost}`,
          SITE_ORIGINS: `${shop},${plainShop}`,
          TRUST_PROXY: "1",
          SECRET_KEY: randomBytes(36).toString("base64"),
          ADMIN_EMAIL: owner.email,
          ADMIN_PASSWORD: password,
        },
      },
      chromium: {
        hosts: { [chatHost]: proxy.port, [shopHost]: proxy.port, [plainHost]: site.port },
        trusted: [certificates[chatHost].fingerprint, certificates[shopHost].fingerprint],
      },
    };
  });
  afterEach(async () => {
    await proxy.close();
    await site.close();
  });

  async function chatFrom(
    scene: Scene,
    origin: string,
    person: PersonOptions,
    look: (visitor: Visitor, frame: Frame) => Promise<void>,
  ) {
    const agent = await scene.agent({ ...owner, password });
    const cookies = await agent.person.context.cookies();
    expect(cookies).toEqual([
      expect.objectContaining({
        name: "__Host-parley",
        domain: chatHost,
        path: "/",
        secure: true,
        httpOnly: true,
        sameSite: "Lax",
      }),
    ]);
    await agent.goesOnline();
    const visitor = await scene.visitor("Oksana", person);
    await visitor.visits(`${origin}/`);
    await visitor.opensChat();
    const name = "Oksana Bondar";
    await holdConversation(visitor, agent, { name, goesOn: () => visitor.follows("Tools") });
    const frame = visitor.page.frames().find((one) => one.url().includes(chatHost));
    if (!frame) throw new Error("the chat's frame is gone");
    await look(visitor, frame);
    await expectAllRead(visitor, agent);
    await visitor.ends();
    await agent.sees("The visitor ended the chat");
    await expectOneTruth(scene, visitor, agent, { name });
  }

  it("[J3] chats over TLS on two registrable domains", () =>
    playScene(options, (scene) =>
      chatFrom(scene, shop, {}, async (_visitor, frame) => {
        expect(await storageOf(frame)).toEqual({ localStorage: "works", indexedDB: "works" });
      }),
    ));

  it("[J4] chats where the browser gives embedded pages no storage", () =>
    playScene(options, (scene) =>
      chatFrom(scene, shop, { thirdPartyStorage: "blocked" }, async (_visitor, frame) => {
        expect(await storageOf(frame)).toEqual({
          localStorage: "SecurityError",
          indexedDB: "UnknownError",
        });
      }),
    ));

  it("[J5] chats on a page without https", () =>
    playScene(options, (scene) =>
      chatFrom(scene, plainShop, {}, async (visitor, frame) => {
        const secure = () => isSecureContext;
        expect([await visitor.page.evaluate(secure), await frame.evaluate(secure)]).toEqual([
          false,
          false,
        ]);
      }),
    ));
});

/** What happens to a page that tries to keep something. */
function storageOf(frame: Frame): Promise<{ localStorage: string; indexedDB: string }> {
  return frame.evaluate(async () => {
    const named = (error: unknown) =>
      error instanceof Error || error instanceof DOMException ? error.name : String(error);
    const attempt = async (use: () => unknown) => {
      try {
        await use();
        return "works";
      } catch (error) {
        return named(error);
      }
    };
    return {
      localStorage: await attempt(() => localStorage.setItem("probe", "1")),
      indexedDB: await attempt(
        () =>
          new Promise((resolve, reject) => {
            const opening = indexedDB.open("probe");
            opening.onsuccess = resolve;
            opening.onerror = () => reject(opening.error);
          }),
      ),
    };
  });
}
