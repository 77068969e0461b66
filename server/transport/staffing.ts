import type { Namespace } from "socket.io";
import type { Directory } from "../engine/directory.ts";
import { siteRoom } from "./visitor.ts";

/** Tells visitors when somebody comes who could answer, and when the last one leaves. */
export function announceStaffing(directory: Directory, visitors: Namespace): () => void {
  // Whoever connects is told by the welcome; only what changes afterwards is news.
  const now = () =>
    directory.sites().map((site) => [site.id, directory.staffed(site.queue)] as const);
  const told = new Map<string, boolean>(now());
  return directory.onChange(() => {
    for (const site of directory.sites()) {
      const staffed = directory.staffed(site.queue);
      if (told.get(site.id) === staffed) continue;
      told.set(site.id, staffed);
      visitors.to(siteRoom(site)).emit("staffed", { staffed });
    }
  });
}
