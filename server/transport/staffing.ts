import type { Namespace } from "socket.io";
import type { Directory } from "../engine/directory.ts";
import { siteRoom } from "./visitor.ts";

/** Tells agents how many of them are online in each queue, where that changes. */
export function announcePresence(directory: Directory, agents: Namespace): () => void {
  const told = new Map<string, number>();
  const news = () =>
    [...directory.queues.keys()].flatMap((id) => {
      const online = directory.present(id);
      if (told.get(id) === online) return [];
      told.set(id, online);
      return [{ id, online }];
    });
  // Whoever connects is told by the welcome; only what changes afterwards is news.
  news();
  return directory.onChange(() => {
    const queues = news();
    if (queues.length > 0) agents.emit("present", { queues });
  });
}

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
