import { useLayoutEffect, useMemo } from "preact/hooks";
import type { Thread } from "#shared/client/agentSession.ts";
import type { ConversationId } from "#shared/model/ids.ts";
import { useWorkbench } from "../shell/workbench.ts";

/** Follows one conversation for as long as it is on screen. */
export function useThread(id: ConversationId): Thread {
  const { session } = useWorkbench();
  const thread = useMemo(() => session.thread(id), [session, id]);
  useLayoutEffect(() => () => thread.leave(), [thread]);
  return thread;
}
