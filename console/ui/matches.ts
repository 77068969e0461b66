/** Lower case without diacritics, so that `lodz` finds „Łódź”. */
export const plain = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ł", "l");

/** Every word of the query occurs in one of the texts. */
export function matches(query: string, texts: readonly (string | null)[]): boolean {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const hay = plain(texts.filter((text) => text !== null).join("\n"));
  return words.every((word) => hay.includes(word));
}
