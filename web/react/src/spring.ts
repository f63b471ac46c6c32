/** The springs that carry other people's cursors: solved for any length of a frame, not added up frame by frame. */

/** Where something is and how fast. @internal */
export interface Spring {
  x: number;
  y: number;
  vx: number;
  vy: number;
}

/** Stiffness and damping that other tools settled on for cursors; mass 1. */
const STIFFNESS = 320;
const DAMPING = 32;
const DECAY = DAMPING / 2;
const FREQUENCY = Math.sqrt(STIFFNESS - DECAY * DECAY);
/** A frame that took longer than this goes on from where it was: one late frame is no jump. */
const STEP_S_MAX = 0.1;
/** After so long the page was asleep, and a cursor is where it is. */
const ASLEEP_S = 1;
const REST_PX = 0.05;

/** One step towards a target. Returns whether it still moves. @internal */
export function springStep(spring: Spring, targetX: number, targetY: number, elapsedS: number): boolean {
  const step = Math.min(elapsedS, STEP_S_MAX);
  [spring.x, spring.vx] = along(spring.x - targetX, spring.vx, targetX, step);
  [spring.y, spring.vy] = along(spring.y - targetY, spring.vy, targetY, step);
  const still =
    Math.abs(targetX - spring.x) < REST_PX &&
    Math.abs(targetY - spring.y) < REST_PX &&
    Math.hypot(spring.vx, spring.vy) < REST_PX * 10;
  if (!still && elapsedS < ASLEEP_S) return true;
  Object.assign(spring, { x: targetX, y: targetY, vx: 0, vy: 0 });
  return false;
}

/** Place and speed after a time of somebody `off` the target: the damped oscillation in closed form. */
function along(off: number, speed: number, target: number, time: number): [number, number] {
  const fall = Math.exp(-DECAY * time);
  const cos = Math.cos(FREQUENCY * time);
  const sin = Math.sin(FREQUENCY * time) / FREQUENCY;
  return [
    target + fall * (off * cos + (speed + DECAY * off) * sin),
    fall * (speed * cos - (DECAY * speed + STIFFNESS * off) * sin),
  ];
}
