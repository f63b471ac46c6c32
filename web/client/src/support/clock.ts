/** Time for the core: milliseconds since 1970 that never go back. */

let latest = 0;

/** The present, in whole milliseconds; stands still while the system clock is set back. @internal */
export function nowMs(): number {
  latest = Math.max(latest, Math.trunc(Date.now()));
  return latest;
}
