import { useSignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";
import { permission } from "../alerts/useAlerts.ts";
import { useSpeech, useWorkbench } from "../shell/workbench.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { keyText } from "../ui/Keys.tsx";
import { LanguageSelect } from "./LanguageSelect.tsx";
import type { Choices } from "./preferences.ts";

/** Everything an agent can set for this browser. Each choice holds at once; there is nothing to save. */
export function PreferencesDialog(): VNode {
  const { dialog, preferences } = useWorkbench();
  const { t } = useSpeech();
  const enter = t("preferences.enter");
  return (
    <Dialog
      title={t("preferences.title")}
      closeLabel={t("dialog.close")}
      onClose={() => {
        dialog.value = null;
      }}
    >
      <div class="settings">
        <LanguageSelect preferences={preferences} t={t} />
        <OneOf
          name="theme"
          label={t("preferences.theme")}
          options={[
            ["system", t("preferences.system")],
            ["light", t("preferences.light")],
            ["dark", t("preferences.dark")],
          ]}
        />
        <OneOf
          name="density"
          label={t("preferences.density")}
          options={[
            ["comfortable", t("preferences.comfortable")],
            ["compact", t("preferences.compact")],
          ]}
        />
        <OneOf
          name="sendWith"
          label={t("preferences.sendWith")}
          options={[
            ["enter", enter],
            ["modEnter", keyText("mod+Enter")],
          ]}
        />
        <OnOff
          name="shortcuts"
          label={t("preferences.shortcuts")}
          more={t("preferences.shortcutsText")}
        />
        <OnOff name="sound" label={t("preferences.sound")} more={t("preferences.soundText")} />
        <Notifications />
      </div>
    </Dialog>
  );
}

function OneOf<K extends "theme" | "density" | "sendWith">(props: {
  name: K;
  label: string;
  options: readonly (readonly [Choices[K], string])[];
}): VNode {
  const { preferences } = useWorkbench();
  const { name, label, options } = props;
  const chosen: Choices[typeof name] = preferences[name].value as Choices[K];
  return (
    <fieldset class="setting">
      <legend>{label}</legend>
      <div class="segments">
        {options.map(([value, text]) => (
          <label key={value}>
            <input
              type="radio"
              name={name}
              checked={chosen === value}
              onChange={() => preferences.set(name, value)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function OnOff(props: {
  name: "shortcuts" | "sound" | "notifications";
  label: string;
  more: ComponentChildren;
  off?: boolean;
  onChange?: (on: boolean) => void;
}): VNode {
  const { preferences } = useWorkbench();
  const { name, label, more, off = false, onChange } = props;
  const id = useId();
  return (
    <div class="setting">
      <label class="toggle">
        <span>
          <span class="setting-name">{label}</span>
          <span class="setting-more" id={id}>
            {more}
          </span>
        </span>
        <input
          type="checkbox"
          aria-describedby={id}
          disabled={off}
          checked={!off && preferences[name].value}
          onChange={({ currentTarget: { checked } }) =>
            onChange ? onChange(checked) : preferences.set(name, checked)
          }
        />
      </label>
    </div>
  );
}

/** The agent's wish and the browser's permission both count, so both are shown. */
function Notifications(): VNode {
  const { preferences } = useWorkbench();
  const { t } = useSpeech();
  const allowed = useSignal(permission());
  const off = allowed.value === "missing" || allowed.value === "denied";
  const change = async (on: boolean) => {
    if (on && allowed.value === "default") allowed.value = await Notification.requestPermission();
    preferences.set("notifications", on && allowed.value === "granted");
  };
  const more = {
    missing: t("preferences.notificationsMissing"),
    denied: t("preferences.notificationsBlocked"),
    default: t("preferences.notificationsText"),
    granted: t("preferences.notificationsText"),
  }[allowed.value];
  return (
    <OnOff
      name="notifications"
      label={t("preferences.notifications")}
      more={more}
      off={off}
      onChange={(on) => void change(on)}
    />
  );
}
