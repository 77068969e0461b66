/**
 * Contrast as WCAG 2 measures it, and the colours a site's accent needs around it. A customer picks
 * any accent they like; what is written on it and with it stays readable.
 */

/** 4.5:1 for text, 3:1 for the edges of controls. */
export const textContrast = 4.5;
export const controlContrast = 3;

/** Less than this and a filled area can't be told from what it lies on. */
const discernible = 1.5;

export type Accent = {
  /** What fills buttons and own messages: the customer's colour, unless it would vanish on the ground. */
  accent: string;
  /** What is written on it. */
  onAccent: string;
  /** The accent as text, links and focus ring on the theme's grounds. */
  accentText: string;
};

type Rgb = readonly [number, number, number];

/** In order of how calm they look on colour; black is last because it is always enough where white is not. */
const inks = ["#ffffff", "#111318", "#000000"] as const;

/** From 1 (same) to 21 (black and white). Colours are #rrggbb. */
export function contrast(a: string, b: string): number {
  const [high, low] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => y - x) as [
    number,
    number,
  ];
  return (high + 0.05) / (low + 0.05);
}

/** What to write with on this colour. */
export const onAccent = (accent: string): string =>
  inks.find((ink) => contrast(accent, ink) >= textContrast) ?? "#000000";

/**
 * The same hue, moved towards `ground`'s opposite just far enough to be read on it.
 * `ground` is the least favourable one the text will stand on.
 */
export const readableOn = (ground: string, colour: string): string =>
  apartFrom(ground, colour, textContrast);

/** Everything a theme needs from a site's accent. */
export function accentFor(colour: string, ground: string): Accent {
  const accent = apartFrom(ground, colour, discernible);
  return { accent, onAccent: onAccent(accent), accentText: readableOn(ground, colour) };
}

function apartFrom(ground: string, colour: string, enough: number): string {
  const target = luminance(parse(ground)) > 0.18 ? "#000000" : "#ffffff";
  for (let step = 0; step <= 20; step += 1) {
    const candidate = mix(colour, target, step / 20);
    if (contrast(candidate, ground) >= enough) return candidate;
  }
  return target;
}

/** Only what can be used as it is: a lower- or upper-case #rrggbb. */
export const isColour = (value: string): boolean => /^#[0-9a-f]{6}$/i.test(value);

function mix(a: string, b: string, share: number): string {
  const from = parse(a);
  const to = parse(b);
  const hex = from.map((channel, at) => {
    const mixed = Math.round(channel + ((to[at] ?? 0) - channel) * share);
    return mixed.toString(16).padStart(2, "0");
  });
  return `#${hex.join("")}`;
}

function parse(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
