/**
 * What a screen or a log tells, with assignments lifted out of its order. A chat is opened and its first
 * words are said by two commands, and the router may assign it before or after the second: where the
 * assignment stands among the visitor's words is nobody's promise. Everything else keeps its place, and
 * the assignments keep their own order.
 */
export type Told = { lines: readonly string[]; assignments: readonly string[] };
