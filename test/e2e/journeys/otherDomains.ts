import { randomBytes } from "node:crypto";
import type { Frame } from "playwright-core";
import { expect } from "vitest";
import { type Certificate, makeCertificates } from "../../support/certificates.ts";
import type { PersonOptions } from "../../support/chromium.ts";
import { expectAllRead, expectOneTruth, holdConversation } from "../../support/conversation.ts";
import { freePort } from "../../support/freePort.ts";
import { startHostSite } from "../../support/hostSite.ts";
import { type Journey, playScene, type Scene } from "../../support/scene.ts";
import { startTlsProxy } from "../../support/tlsProxy.ts";
import type { Visitor } from "../../support/visitor.ts";

const chatHost = "chat.parley-chat.example";
const shopHost = "www.garden-shop.example";
const plainHost = "www.corner-shop.example";
const shop = `https://${shopHost}`;
const plainShop = `http://${plainHost}`;
const password = randomBytes(12).toString("base64url");
const owner = { email: "owner@parley-chat.example", name: "Owner", role: "owner", password };

/** Making keys takes a while, so all journeys of a process share them. */
let certificates: Promise<Record<typeof chatHost | typeof shopHost, Certificate>> | undefined;

/** On two registrable domains, over TLS. */
export const overTls: Journey = embedded(shop, {}, async (_visitor, frame) => {
  expect(await storageOf(frame)).toEqual({ localStorage: "works", indexedDB: "works" });
});

/** In a browser that gives embedded pages no storage. */
export const withoutStorage: Journey = embedded(
  shop,
  { thirdPartyStorage: "blocked" },
  async (_visitor, frame) => {
    expect(await storageOf(frame)).toEqual({
      localStorage: "SecurityError",
      indexedDB: "UnknownError",
    });
  },
);

/** On a page without https. */
export const withoutTls: Journey = embedded(plainShop, {}, async (visitor, frame) => {
  const secure = () => isSecureContext;
  expect([await visitor.page.evaluate(secure), await frame.evaluate(secure)]).toEqual([
    false,
    false,
  ]);
});

/** A production server behind a proxy, embedded by another domain's page. */
function embedded(
  origin: string,
  person: PersonOptions,
  look: (visitor: Visitor, frame: Frame) => Promise<void>,
): Journey {
  return async (stage) => {
    certificates ??= makeCertificates([chatHost, shopHost]);
    const { [chatHost]: ofChat, [shopHost]: ofShop } = await certificates;
    const port = await freePort();
    const site = await startHostSite({ origin: `https://${chatHost}`, site: "main" });
    const proxy = await startTlsProxy({
      [chatHost]: { certificate: ofChat, port },
      [shopHost]: { certificate: ofShop, port: site.port },
    });
    const env = {
      NODE_ENV: "production",
      PUBLIC_URL: `https://${chatHost}`,
      SITE_ORIGINS: `${shop},${plainShop}`,
      TRUST_PROXY: "1",
      SECRET_KEY: randomBytes(36).toString("base64"),
      ADMIN_EMAIL: owner.email,
      ADMIN_PASSWORD: password,
    };
    const hosts = { [chatHost]: proxy.port, [shopHost]: proxy.port, [plainHost]: site.port };
    const chromium = { hosts, trusted: [ofChat.fingerprint, ofShop.fingerprint] };
    try {
      await playScene({ ...stage, parley: { port, env }, chromium }, (scene) =>
        chatFrom(scene, origin, person, look),
      );
    } finally {
      await proxy.close();
      await site.close();
    }
  };
}

async function chatFrom(
  scene: Scene,
  origin: string,
  person: PersonOptions,
  look: (visitor: Visitor, frame: Frame) => Promise<void>,
) {
  const agent = await scene.agent(owner);
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
