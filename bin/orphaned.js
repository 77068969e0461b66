// Tells when the npm that started this is gone: a killed npm passes nothing on.

const everyMs = 250;

/** @param {() => void} act */
export function whenOrphaned(act) {
  // Started by hand or by a service manager: a parent that ends means nothing then (nohup).
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    clearInterval(timer);
    act();
  }, everyMs);
  timer.unref();
}
