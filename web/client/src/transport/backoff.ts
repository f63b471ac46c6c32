/** How long to wait before the next attempt. */

/** Visible tab: 250 ms doubling to 5 s. Hidden tab: 1 s doubling to 5 min. @internal */
export const BACKOFF = {
  visible: { first_ms: 250, max_ms: 5_000 },
  hidden: { first_ms: 1_000, max_ms: 300_000 },
} as const;

/**
 * The delay before attempt number `attempt` (1 is the first), with jitter: between half of it and all of it.
 *
 * @param random - In [0, 1).
 * @internal
 */
export function backoffMs(attempt: number, hidden: boolean, random: number): number {
  const { first_ms, max_ms } = hidden ? BACKOFF.hidden : BACKOFF.visible;
  const full = Math.min(max_ms, first_ms * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full * (0.5 + random / 2));
}
