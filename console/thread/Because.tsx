import type { VNode } from "preact";
import { oneChat } from "#shared/model/agent.ts";
import type { AgentId } from "#shared/model/ids.ts";
import type { Instant } from "#shared/model/time.ts";
import type { Because as Reasons } from "#shared/protocol/events.ts";
import { useSpeech } from "../shell/workbench.ts";
import { spokenDuration } from "../ui/duration.ts";
import { useNameOf } from "./people.ts";

/** In the order the router asks; which of them a decision tells depends on the router that made it. */
const filters = [
  "notMember",
  "delayed",
  "away",
  "finishing",
  "offline",
  "notLive",
  "unskilled",
  "passed",
  "ringing",
  "capped",
  "queueFull",
  "full",
  "held",
] as const;

/** Why a chat came to whom it came: what the router knew when it decided. */
export function Because(props: {
  because: Reasons;
  agent: AgentId;
  name: string;
  at: Instant;
}): VNode {
  const { because, agent, name, at } = props;
  const { t, locale } = useSpeech();
  const nameOf = useNameOf();
  const named = (id: AgentId) => (id === agent ? name : (nameOf(id) ?? t("thread.someAgent")));
  const left = filters.flatMap((filter) => {
    const count = because.filtered[filter] ?? 0;
    return count > 0 ? t(`because.${filter}`, { count }) : [];
  });
  return (
    <div class="because">
      <p>{t(`because.${because.reason}`, { name })}</p>
      <dl>
        <dt>{t("because.waited")}</dt>
        <dd>{spokenDuration(because.waitedMs, locale)}</dd>
        <dt>{t("because.position")}</dt>
        <dd>{because.position}</dd>
        <dt>{t("because.filtered")}</dt>
        <dd>{left.length === 0 ? t("because.nobody") : left.join(", ")}</dd>
        <dt>{t("because.candidates")}</dt>
        <dd>
          <ol>
            {because.candidates.map((candidate) => {
              const room = candidate.spare / oneChat;
              return (
                <li key={candidate.agent}>
                  <bdi>{named(candidate.agent)}</bdi>: {t("because.room", { count: room, room })},{" "}
                  {candidate.lastAssignedAt === 0
                    ? t("because.never")
                    : t("because.idle", {
                        time: spokenDuration(at - candidate.lastAssignedAt, locale),
                      })}
                </li>
              );
            })}
          </ol>
        </dd>
      </dl>
    </div>
  );
}
