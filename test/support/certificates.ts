import { execFile } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export type Certificate = {
  cert: string;
  key: string;
  /** SHA-256 of its public key as base64: by this a browser can be told to trust this one alone. */
  fingerprint: string;
};

/** Certificates signed by an authority that is made for them and thrown away after. */
export async function makeCertificates<Host extends string>(
  hosts: readonly Host[],
): Promise<Record<Host, Certificate>> {
  const folder = await mkdtemp(join(tmpdir(), "parley-certificates-"));
  const openssl = (...args: string[]) => run("openssl", args, { cwd: folder });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  try {
    await openssl(
      ...["req", "-x509", ...newKey, "-days", "2", "-subj", "/CN=Test authority"],
      ...["-keyout", "authority.key", "-out", "authority.pem"],
    );
    const made = hosts.map(async (host, index) => {
      const [key, request, pem, names] = ["key", "csr", "pem", "ext"].map(
        (ending) => `${host}.${ending}`,
      ) as [string, string, string, string];
      await writeFile(join(folder, names), `subjectAltName=DNS:${host}\n`);
      await openssl(...["req", ...newKey, "-subj", `/CN=${host}`, "-keyout", key, "-out", request]);
      await openssl(
        ...["x509", "-req", "-in", request, "-CA", "authority.pem", "-CAkey", "authority.key"],
        ...["-set_serial", String(index + 1), "-days", "2", "-extfile", names, "-out", pem],
      );
      const cert = await readFile(join(folder, pem), "utf8");
      const spki = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
      const fingerprint = createHash("sha256").update(spki).digest("base64");
      return [host, { cert, key: await readFile(join(folder, key), "utf8"), fingerprint }] as const;
    });
    return Object.fromEntries(await Promise.all(made)) as Record<Host, Certificate>;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
