import { linkify } from "#shared/client/linkify.ts";

/** A person's words: text nodes only, so that nothing in them can be more than words. */
export function MessageText({ text }: { text: string }) {
  return (
    <span class="text" dir="auto">
      {linkify(text).map((piece, index) =>
        piece.href ? (
          <a key={index} href={piece.href} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </span>
  );
}
