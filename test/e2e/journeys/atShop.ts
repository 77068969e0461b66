import type { Scene } from "../../support/scene.ts";
import type { Visitor } from "../../support/visitor.ts";

/** Somebody at the demo shop with the chat open. */
export async function atShop(scene: Scene, who: string): Promise<Visitor> {
  const visitor = await scene.visitor(who);
  await visitor.visits(scene.shopUrl);
  await visitor.opensChat();
  return visitor;
}
