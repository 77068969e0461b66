import type { Actor } from "#shared/model/actor.ts";
import type { AgentId } from "#shared/model/ids.ts";
import { useWorkbench } from "../shell/workbench.ts";

/** A colleague's name by id; null for one who is not known (any more). */
export function useNameOf(): (agent: AgentId) => string | null {
  const { account, session } = useWorkbench();
  const colleagues = session.welcome.value?.colleagues ?? [];
  return (agent) =>
    agent === account.id ? account.name : (colleagues.find(({ id }) => id === agent)?.name ?? null);
}

/** Who wrote or did something, as the timeline says it. */
export function useSayWho(visitor: string): (by: Actor) => string {
  const { account, speech } = useWorkbench();
  const { t } = speech.value;
  const nameOf = useNameOf();
  return (by) => {
    if (by.kind === "visitor") return visitor;
    if (by.kind !== "agent") return t("message.rule");
    return by.id === account.id ? t("message.you") : (nameOf(by.id) ?? t("thread.someAgent"));
  };
}
