import type { VNode } from "preact";
import { Dialog } from "../ui/Dialog.tsx";
import { useSpeech, useWorkbench } from "./workbench.ts";

/** Asked only of who holds chats: signing out leaves their visitors to somebody else. */
export function SignOutDialog(): VNode {
  const { dialog, session, signOut } = useWorkbench();
  const { t } = useSpeech();
  const leave = () => {
    dialog.value = null;
  };
  return (
    <Dialog
      title={t("signOut.title")}
      kind="dialog-small"
      closeLabel={t("dialog.close")}
      onClose={leave}
    >
      <p>{t("signOut.text", { count: session.mine.value.total })}</p>
      <footer class="dialog-foot">
        <button type="button" class="button" autofocus onClick={leave}>
          {t("dialog.cancel")}
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            leave();
            signOut();
          }}
        >
          {t("account.signOut")}
        </button>
      </footer>
    </Dialog>
  );
}
