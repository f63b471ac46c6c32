/** Calls listeners so that one that throws harms no other. */

/** Runs each listener; what one throws surfaces as an uncaught error of its own. @internal */
export function runListeners<L>(listeners: Iterable<L>, run: (listener: L) => void): void {
  for (const listener of [...listeners]) {
    try {
      run(listener);
    } catch (error) {
      surface(error);
    }
  }
}

/** Makes an uncaught error of what a function of the application threw. @internal */
export function surface(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
