import { createHash } from "node:crypto";

/** Tokens and session ids are long and random, so a plain digest keeps them out of the database safely. */
export const secretHash = (secret: string): string =>
  createHash("sha256").update(secret).digest("base64url");
