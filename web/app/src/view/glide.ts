/** Takes the canvas where somebody else is. */
import { inset, spansOf } from "./scroll";
import { type Place, topOf } from "./scrollPlace";

/** A widget that is not drawn by then is not there; one that stands where it should is watched for so long. */
const FRAMES_MAX = 120;
/** How much of the way is left after this, of a canvas that glides to a place. */
const GLIDE_HALF_MS = 60;

/**
 * Scrolls to a place, and keeps to it for a moment: widgets above may still be drawn. It glides; where less motion is
 * asked for it jumps.
 */
export function glideTo(canvas: HTMLElement, place: Place): () => void {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let frames = 0;
  let beforeMs: number | null = null;
  let request = 0;
  const step = (nowMs: number) => {
    const top = place.anchor === null ? -canvas.scrollTop : topOf(spansOf(canvas), place);
    const away = top === null ? null : place.anchor === null ? top : top - inset(canvas);
    const passedMs = beforeMs === null ? 16 : nowMs - beforeMs;
    beforeMs = nowMs;
    frames += 1;
    if (away === null) {
      if (frames < FRAMES_MAX) request = requestAnimationFrame(step);
      return;
    }
    const share = still ? 1 : 1 - 0.5 ** (passedMs / GLIDE_HALF_MS);
    const before = canvas.scrollTop;
    canvas.scrollTop += Math.abs(away) <= 2 ? away : Math.sign(away) * Math.ceil(Math.abs(away) * share);
    const arrived = Math.abs(away) <= 1 || canvas.scrollTop === before;
    if (!arrived || frames < FRAMES_MAX) request = requestAnimationFrame(step);
  };
  request = requestAnimationFrame(step);
  return () => cancelAnimationFrame(request);
}
