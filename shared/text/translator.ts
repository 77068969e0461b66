/**
 * Texts in the reader's language. A language is a file of phrases; English is the source of keys and
 * parameters, so a missing phrase or a misspelt parameter does not compile.
 *
 *   const t = translator<typeof en>("pl", pl);
 *   t("waiting.position", { position: 3 });
 *   t("pill.newMessages", { count: 5 });   // the form Intl.PluralRules picks for 5
 */

/** A phrase that depends on `count`: one text per plural form of its language. */
export type Forms = { readonly [form in Intl.LDMLPluralRule]?: string } & {
  readonly other: string;
};
export type Phrase = string | Forms;
export type Texts = { readonly [key: string]: Phrase };

/** What a translation has to be: the source's keys, with plural forms where the source has them. */
export type TranslationOf<Source extends Texts> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : Forms;
};

type Named<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Named<Rest>
  : never;
type Parameters<P extends Phrase> = P extends string ? Named<P> : "count" | Named<P[keyof P]>;
type Values<P extends Phrase> = [Parameters<P>] extends [never]
  ? []
  : [values: { readonly [Name in Parameters<P>]: string | number } & CountOf<P>];
type CountOf<P extends Phrase> = P extends string ? unknown : { readonly count: number };

export type Translate<Source extends Texts> = <Key extends keyof Source & string>(
  key: Key,
  ...values: Values<Source[Key]>
) => string;

/** @param locale BCP 47; decides plural forms and how numbers are written. */
export function translator<Source extends Texts>(
  locale: string,
  texts: TranslationOf<Source>,
): Translate<Source> {
  const plurals = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  const written = (value: string | number | undefined) =>
    typeof value === "number" ? numbers.format(value) : isolated(value ?? "");

  return (key, ...[values]) => {
    const given: Record<string, string | number> = values ?? {};
    const phrase: Phrase = texts[key];
    const text =
      typeof phrase === "string"
        ? phrase
        : (phrase[plurals.select(Number(given.count))] ?? phrase.other);
    return text.replace(/\{(\w+)\}/g, (_, name: string) => written(given[name]));
  };
}

const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** A name must not turn the sentence around it: its own controls go, and it is isolated where it needs to be. */
export function isolated(value: string): string {
  const plain = value.replace(bidiControls, "");
  return rightToLeft.test(plain) ? `\u2068${plain}\u2069` : plain;
}
