import type { SkillNeed, Skills } from "#shared/model/skill.ts";
import type { Reach } from "./reach.ts";

/** Whether somebody with these skills may take a chat that asks for this and has waited that long. */
export function meets(need: SkillNeed, skills: Skills, reach: Reach): boolean {
  if (reach.anyone) return true;
  if ("all" in need) return need.all.every((part) => meets(part, skills, reach));
  if ("any" in need) {
    return need.any.length === 0 || need.any.some((part) => meets(part, skills, reach));
  }
  if (reach.dropped.has(need.skill)) return true;
  const level = Math.min(need.level, reach.lowered.get(need.skill) ?? need.level);
  return (skills[need.skill] ?? 0) >= level;
}

/** Equal for needs that ask for the same in the same words. */
export function needKey(need: SkillNeed): string {
  if ("all" in need && need.all.length === 0) return "";
  const known = keys.get(need);
  if (known !== undefined) return known;
  const key = JSON.stringify(need);
  keys.set(need, key);
  return key;
}

/** A chat is looked at in every pass while it waits, and asks for the same each time. */
const keys = new WeakMap<SkillNeed, string>();
