/** Time for the core: milliseconds since 1970 that never go back. */

let latest = 0;

/** The present, in whole milliseconds; while the system clock is set back, only {@link passed} moves it. @internal */
export function nowMs(): number {
  latest = Math.max(latest, Math.trunc(Date.now()));
  return latest;
}

/** A timer has waited until then: so late it is, whatever the system clock was set to meanwhile. @internal */
export function passed(untilMs: number): void {
  latest = Math.max(latest, Math.trunc(untilMs));
}
