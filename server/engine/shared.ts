/**
 * Lets everybody who asks while something is being read share the next reading: it began after they
 * asked, so it tells what they came for, and a crowd costs two readings.
 */
export function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  let next: Promise<T> | null = null;

  function start(): Promise<T> {
    const began = read().finally(() => {
      if (running === began) running = null;
    });
    running = began;
    return began;
  }

  return () => {
    if (!running) return start();
    next ??= running.then(whenFree, whenFree);
    return next;
  };

  function whenFree(): Promise<T> {
    next = null;
    return start();
  }
}
