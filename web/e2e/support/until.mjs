/** Waiting for something to become true. No test waits for a time to pass. */

const PATIENCE_MS = 20_000;
const POLL_MS = 50;

/**
 * Calls `probe` until it gives something true, and gives that.
 *
 * @param {string} what what is waited for, in words
 * @param {() => unknown} probe may throw while it is not time yet
 * @param {number} patienceMs
 * @param {number} pollMs
 */
export async function until(what, probe, patienceMs = PATIENCE_MS, pollMs = POLL_MS) {
  const deadline = performance.now() + patienceMs;
  let last;
  for (;;) {
    try {
      last = undefined;
      const value = await probe();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`waited ${patienceMs} ms for: ${what}`, { cause: last });
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
