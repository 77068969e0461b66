import type { VNode } from "preact";
import { useSpeech, useWorkbench } from "../shell/workbench.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Keys } from "../ui/Keys.tsx";
import { type ActionGroup, type ActionId, actionIds, infoOf, labelOf } from "./actions.ts";

const groups = ["move", "chat", "write"] as const satisfies readonly ActionGroup[];

/** The whole key map, read from the table the keys themselves use. */
export function Help(): VNode {
  const { dialog, preferences } = useWorkbench();
  const { t } = useSpeech();
  const off = !preferences.shortcuts.value;
  return (
    <Dialog
      title={t("help.title")}
      kind="help"
      closeLabel={t("dialog.close")}
      onClose={() => {
        dialog.value = null;
      }}
    >
      {off && <p class="notice">{t("help.off")}</p>}
      <div class="help-groups">
        {groups.map((group) => (
          <section key={group}>
            <h3>{t(`group.${group}`)}</h3>
            <dl>
              {actionIds
                .filter((id) => infoOf(id).group === group && keysOf(id).length > 0)
                .map((id) => (
                  <div key={id} class="help-line">
                    <dt>{t(labelOf(id))}</dt>
                    <dd>
                      <Presses id={id} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );

  /** The key that sends is the agent's choice; all others are the table's. */
  function keysOf(id: ActionId): readonly string[] {
    const enter = preferences.sendWith.value === "enter";
    if (id === "send") return enter ? ["Enter", "mod+Enter"] : ["mod+Enter"];
    if (id === "newLine" && !enter) return ["Enter", "shift+Enter"];
    return infoOf(id).keys;
  }

  function Presses({ id }: { id: ActionId }): VNode {
    return (
      <>
        {keysOf(id).map((keys, index) => (
          <span key={keys}>
            {index > 0 && ` ${t("help.or")} `}
            {keys.split(" ").map((press, step) => (
              <span key={press}>
                {step > 0 && ` ${t("help.then")} `}
                <Keys press={press} />
              </span>
            ))}
          </span>
        ))}
      </>
    );
  }
}
