/** WebSocket text frames as a client sends and reads them, and nothing else of RFC 6455. */

const final = 0x80;
const text = 0x1;
const masked = 0x80;

/** The masking key is zero: allowed, and the generator need not touch every byte. */
export function frame(payload: string): Buffer {
  const length = Buffer.byteLength(payload);
  const long = length > 125;
  const head = long ? 8 : 6;
  const bytes = Buffer.alloc(head + length);
  bytes[0] = final | text;
  bytes[1] = masked | (long ? 126 : length);
  if (long) {
    if (length > 65_535) throw new Error("the benchmark sends no frame above 64 KB");
    bytes.writeUInt16BE(length, 2);
  }
  bytes.write(payload, head);
  return bytes;
}

/** Cuts a stream into the payloads of its text frames; `closed` is called for a closing frame. */
export function reader(
  hear: (payload: string) => void,
  closed: () => void,
): (chunk: Buffer) => void {
  let rest: Buffer | null = null;
  return (chunk) => {
    const bytes: Buffer = rest ? Buffer.concat([rest, chunk]) : chunk;
    let at = 0;
    for (;;) {
      const found = measure(bytes, at);
      if (!found) break;
      if ((bytes[at] ?? 0) === (final | text)) hear(bytes.toString("utf8", found.from, found.to));
      else closed();
      at = found.to;
    }
    // The chunk belongs to whoever read it and is used again.
    rest = at < bytes.length ? Buffer.from(bytes.subarray(at)) : null;
  };
}

function measure(bytes: Buffer, at: number): { from: number; to: number } | null {
  const left = bytes.length - at;
  if (left < 2) return null;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (left < head) return null;
  const length =
    short < 126
      ? short
      : short === 126
        ? bytes.readUInt16BE(at + 2)
        : Number(bytes.readBigUInt64BE(at + 2));
  return left < head + length ? null : { from: at + head, to: at + head + length };
}
