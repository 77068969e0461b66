import type { VNode } from "preact";
import { linkify } from "#shared/client/linkify.ts";
import { useSpeech } from "../shell/workbench.ts";

/** What somebody wrote: text nodes only, so that nothing in it can be more than words and links. */
export function PlainText({ text }: { text: string }): VNode {
  const { t } = useSpeech();
  return (
    <>
      {linkify(text).map((piece, index) =>
        piece.href ? (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
            <span class="hidden">, {t("context.opens")}</span>
          </a>
        ) : (
          piece.text
        ),
      )}
    </>
  );
}
