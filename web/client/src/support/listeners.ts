/** Calls listeners so that one that throws harms no other. */

/** Runs each listener; what one throws surfaces as an uncaught error of its own. @internal */
export function runListeners<L>(listeners: Iterable<L>, run: (listener: L) => void): void {
  for (const listener of [...listeners]) {
    try {
      run(listener);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}
