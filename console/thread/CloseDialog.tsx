import type { VNode } from "preact";
import { useSpeech, useWorkbench } from "../shell/workbench.ts";
import { Dialog } from "../ui/Dialog.tsx";

/** Asked only when the visitor still waits for an answer: there is no way to take closing back. */
export function CloseDialog(props: { visitor: string; onConfirm: () => void }): VNode {
  const { visitor, onConfirm } = props;
  const { dialog } = useWorkbench();
  const { t } = useSpeech();
  const leave = () => {
    dialog.value = null;
  };
  return (
    <Dialog
      title={t("close.title")}
      kind="dialog-small"
      closeLabel={t("dialog.close")}
      onClose={leave}
    >
      <p>{t("close.text", { name: visitor })}</p>
      <footer class="dialog-foot">
        <button type="button" class="button" autofocus onClick={leave}>
          {t("close.keep")}
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            leave();
            onConfirm();
          }}
        >
          {t("close.confirm")}
        </button>
      </footer>
    </Dialog>
  );
}
