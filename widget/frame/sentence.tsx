import type { ComponentChildren } from "preact";
import type { Refusal } from "#shared/protocol/refusals.ts";
import type { Chat } from "./chat.ts";
import { Header } from "./header.tsx";
import { WarningIcon } from "./icons.tsx";
import type { Words } from "./words.ts";

/** A screen that has one thing to say. */
function Sentence({
  title,
  text,
  heading: Heading = "h2",
  children,
}: {
  title: string;
  text: string;
  heading?: "h1" | "h2";
  children?: ComponentChildren;
}) {
  return (
    <div class="sentence" role="alert">
      <WarningIcon size={32} />
      <Heading>{title}</Heading>
      <p>{text}</p>
      {children}
    </div>
  );
}

/** The server will not talk to this frame as it is. Loading it again fetches a new ticket and a new version. */
export function RefusedScreen({ chat }: { chat: Chat }) {
  const { t } = chat.words.value;
  return (
    <div class="chat">
      <Header chat={chat} />
      <Sentence title={t("refused.title")} text={refusalText(chat.session.refusal.value, t)}>
        <button type="button" id="again" class="primary button" onClick={() => location.reload()}>
          {t("refused.again")}
        </button>
      </Sentence>
    </div>
  );
}

/** Somebody opened the frame's own address: there is no page to hand over a visitor's token. */
export const Alone = ({ t }: { t: Words["t"] }) => (
  <main class="chat">
    <Sentence heading="h1" title={t("refused.title")} text={t("refused.alone")} />
  </main>
);

function refusalText(refusal: Refusal | null, t: Words["t"]): string {
  switch (refusal?.code) {
    case "not_found":
    case "forbidden":
      return t("refused.site");
    case "unauthenticated":
      return t("refused.session");
    case "protocol":
      return t("refused.version");
    default:
      return t("refused.other");
  }
}
