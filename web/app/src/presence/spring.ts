/** The springs that carry other people's cursors. */

export interface Spring {
  x: number;
  y: number;
  vx: number;
  vy: number;
}

/** Stiffness and damping that other tools settled on for cursors; mass 1. */
const STIFFNESS = 320;
const DAMPING = 32;
/** A tab that slept does not fling its cursors about. */
const STEP_S_MAX = 1 / 30;
const REST = 0.05;

/** One step towards a target. Returns whether it still moves. */
export function springStep(spring: Spring, targetX: number, targetY: number, elapsedS: number): boolean {
  const dt = Math.min(elapsedS, STEP_S_MAX);
  spring.vx += (STIFFNESS * (targetX - spring.x) - DAMPING * spring.vx) * dt;
  spring.vy += (STIFFNESS * (targetY - spring.y) - DAMPING * spring.vy) * dt;
  spring.x += spring.vx * dt;
  spring.y += spring.vy * dt;
  const still =
    Math.abs(targetX - spring.x) < REST &&
    Math.abs(targetY - spring.y) < REST &&
    Math.hypot(spring.vx, spring.vy) < REST * 10;
  if (still) Object.assign(spring, { x: targetX, y: targetY, vx: 0, vy: 0 });
  return !still;
}
