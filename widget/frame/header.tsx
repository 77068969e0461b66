import { Avatar } from "./avatar.tsx";
import type { Chat } from "./chat.ts";
import { CloseIcon } from "./icons.tsx";

/** Who answers, whether somebody is there, and the two ways out: closing the panel and ending the chat. */
export function Header({ chat }: { chat: Chat }) {
  const { t } = chat.words.value;
  const stage = chat.stage.value;
  const agent = chat.agentName.value;
  const site = chat.siteName.value;
  const staffed = chat.staffed.value;
  const status = {
    waiting: t(staffed === false ? "header.kept" : "header.waiting"),
    sending: t(staffed === false ? "header.kept" : "waiting.looking"),
    talking: agent ? site : "",
    kept: t("header.kept"),
    closed: t("header.ended"),
    loading: "",
    start: "",
    refused: "",
  }[stage];

  return (
    <header class="header">
      <Avatar name={agent ?? site} large />
      <div class="who">
        <h1 id="title" class="name" dir="auto" title={agent ?? site}>
          {agent ?? site}
        </h1>
        {status && (
          <p class="status">
            <span class={staffed && stage !== "closed" ? "dot here" : "dot"} aria-hidden="true" />
            <span class="clip">{status}</span>
          </p>
        )}
      </div>
      {(stage === "waiting" || stage === "talking" || stage === "kept") && (
        <button
          type="button"
          class="quiet button"
          id="end"
          aria-label={t("header.end")}
          onClick={() => {
            chat.ending.value = true;
          }}
        >
          {t("header.endShort")}
        </button>
      )}
      <CloseButton chat={chat} />
    </header>
  );
}

export function CloseButton({ chat }: { chat: Chat }) {
  const label = chat.words.value.t("header.close");
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      // Pressed by a key, a button clicks without a pointer having clicked it.
      onClick={({ detail }) => chat.host.send("close", { focusVisible: !detail })}
    >
      <CloseIcon />
    </button>
  );
}
