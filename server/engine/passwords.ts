import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/**
 * scrypt with OWASP's parameters N = 2^15, r = 8, p = 3 (32 MB, about 0.2 s). At most two run at
 * once, so that a burst of sign-ins can't take the machine's memory.
 */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const keyLength = 32;
const atOnce = 2;

/** A stored form that names its parameters: `scrypt$N$r$p$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  const { N, r, p } = cost;
  return ["scrypt", N, r, p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/** Always takes one derivation, whether or not `stored` is a hash, so that unknown accounts look known. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [scheme, N, r, p, salt = "", key = ""] = stored?.split("$") ?? [];
  const known = scheme === "scrypt";
  const parameters = known ? { ...cost, N: Number(N), r: Number(r), p: Number(p) } : cost;
  const derived = await derive(password, Buffer.from(salt, "base64url"), parameters);
  const expected = Buffer.from(key, "base64url");
  return known && expected.length === keyLength && timingSafeEqual(derived, expected);
}

let running = 0;
const waiting: (() => void)[] = [];

async function derive(password: string, salt: Buffer, parameters: typeof cost): Promise<Buffer> {
  if (running < atOnce) running += 1;
  else await new Promise<void>((resolve) => waiting.push(resolve));
  try {
    return await new Promise<Buffer>((resolve, reject) =>
      scrypt(password.normalize("NFKC"), salt, keyLength, parameters, (error, key) =>
        error ? reject(error) : resolve(key),
      ),
    );
  } finally {
    // The turn is handed on rather than given back, or whoever comes in between would be one too many.
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}
