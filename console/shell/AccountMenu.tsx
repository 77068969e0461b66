import type { VNode } from "preact";
import { useId, useRef } from "preact/hooks";
import type { DeclaredStatus } from "#shared/model/agent.ts";
import type { ActionId } from "../keys/actions.ts";
import { Icon, type IconName } from "../ui/Icon.tsx";
import { useConnectionLost } from "./useConnectionLost.ts";
import { useSpeech, useWorkbench } from "./workbench.ts";

const statuses = ["online", "away"] as const satisfies readonly DeclaredStatus[];

/** Who one is, whether new chats come, preferences and the way out. */
export function AccountMenu(): VNode {
  const { account, session, commands } = useWorkbench();
  const { t } = useSpeech();
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const me = session.me.value;
  const status = me?.status ?? "away";
  const shown = useConnectionLost() ? "disconnected" : status;
  const run = (action: ActionId) => {
    menu.current?.hidePopover();
    commands.run(action);
  };
  return (
    <>
      <button
        type="button"
        class="nav-account"
        popovertarget={id}
        title={account.name}
        aria-label={t("nav.account", { name: account.name, status: t(`status.${shown}`) })}
      >
        <span class="avatar" data-initials={initials(account.name)} />
        <span class={`dot dot-${shown}`} aria-hidden="true" />
      </button>
      <div ref={menu} id={id} popover="auto" class="menu">
        <p class="menu-who">
          <strong>
            <bdi>{account.name}</bdi>
          </strong>
          <span>{me?.email}</span>
        </p>
        <fieldset class="menu-group">
          <legend class="hidden">{t("account.status")}</legend>
          {statuses.map((each) => (
            <label key={each} class="menu-item">
              <input
                type="radio"
                name="status"
                class="hidden"
                checked={status === each}
                onChange={() => commands.run(each)}
              />
              <span class={`dot dot-${each}`} aria-hidden="true" />
              <span class="menu-text">
                {t(`status.${each}`)}
                <small>{t(`status.${each}Text`)}</small>
              </span>
              {status === each && <Icon name="check" size={18} />}
            </label>
          ))}
        </fieldset>
        <div class="menu-group">
          <Item icon="sliders" text={t("account.preferences")} onPick={() => run("preferences")} />
          <Item icon="keyboard" text={t("nav.shortcuts")} onPick={() => run("help")} />
        </div>
        <div class="menu-group">
          <Item icon="out" text={t("account.signOut")} onPick={() => run("signOut")} />
        </div>
      </div>
    </>
  );
}

const Item = (props: { icon: IconName; text: string; onPick: () => void }): VNode => (
  <button type="button" class="menu-item" onClick={props.onPick}>
    <Icon name={props.icon} size={18} />
    <span class="menu-text">{props.text}</span>
  </button>
);

/** First letters of the first and the last word of a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? "")][0]?.toLocaleUpperCase() ?? "").join("");
}
