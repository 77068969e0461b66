/** From 1 (gets by) to 5 (the one others ask). */
export type SkillLevel = 1 | 2 | 3 | 4 | 5;

/** What somebody can do, and how well. */
export type Skills = Readonly<Record<string, SkillLevel>>;

/** What a chat asks of whoever takes it. An empty list asks for nothing, under `any` too. */
export type SkillNeed =
  | { all: readonly SkillNeed[] }
  | { any: readonly SkillNeed[] }
  | { skill: string; level: SkillLevel };

export const needsNothing: SkillNeed = { all: [] };

/**
 * A language is a skill like any other, named by its primary subtag: `language:pl` for pl, pl-PL and
 * PL. Regions are left out, because who writes Polish writes it to somebody in Chicago as well.
 */
export const languageSkill = (tag: string): string =>
  `language:${(tag.split("-")[0] ?? tag).toLowerCase()}`;
