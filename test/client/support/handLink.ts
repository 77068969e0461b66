import type { Link } from "#shared/client/connection.ts";
import type { Answer } from "#shared/protocol/sockets.ts";

type Asked = {
  event: string;
  payload: Record<string, unknown>;
  answer(answer: Answer<Record<string, unknown>>): Promise<void>;
};

/** A connection whose every answer a test gives by hand. */
export function handLink(): { link: Link; asked: Asked[] } {
  const asked: Asked[] = [];
  const link = {
    online: () => true,
    epoch: () => "epoch-1",
    ask: (event: string, payload: Record<string, unknown>) =>
      new Promise((resolve) => {
        asked.push({
          event,
          payload,
          async answer(answer) {
            resolve(answer);
            await new Promise((done) => setImmediate(done));
          },
        });
      }),
    tell() {},
    on() {},
    probe() {},
    hurry() {},
  } as Link;
  return { link, asked };
}
