/** What a canned reply may name. Null: not known. */
export type CannedFacts = { "visitor.name": string | null; "agent.name": string | null };

const placeholder = /([ \t]?)\{\{\s*([a-z.]+)\s*\}\}/g;

/**
 * Fills `{{visitor.name}}` and `{{agent.name}}`, once and literally: what is filled in is never read
 * as a placeholder or a replacement pattern, and cannot break the line or turn its direction. An
 * unknown fact goes together with the space before it (`Hello {{visitor.name}},` → `Hello,`); a word
 * that is no placeholder stays as written, so that a typing mistake is seen before it is sent.
 */
export function fillCanned(text: string, facts: CannedFacts): string {
  return text.replace(placeholder, (whole, space: string, name: string) => {
    if (!Object.hasOwn(facts, name)) return whole;
    const value = oneLine(facts[name as keyof CannedFacts] ?? "");
    return value === "" ? "" : space + value;
  });
}

/** Without line breaks, control characters and marks that reorder the text around them. */
const oneLine = (value: string): string =>
  value
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, "")
    .trim();
