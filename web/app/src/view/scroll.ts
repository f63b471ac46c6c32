/** Reads and sets where the canvas of a dashboard is scrolled to. */
import { type Place, placeAt, type Span, topOf } from "./scrollPlace";

/** Once a widget stands still for so many frames it stands where it will. */
const STILL_FRAMES = 3;
/** A widget that is not drawn by then is not there any more. */
const FRAMES_MAX = 120;
const OWN_SCROLL = ["wheel", "touchmove", "keydown", "pointerdown"] as const;

export function placeOf(canvas: HTMLElement): Place {
  if (canvas.scrollTop < 1) return { anchor: null, offset: 0 };
  return placeAt(spansOf(canvas), inset(canvas));
}

/** Scrolls as soon as the widget is drawn, unless the person scrolls before. Gives what ends the attempt. */
export function scrollTo(canvas: HTMLElement, place: Place, done: () => void): () => void {
  if (place.anchor === null) {
    canvas.scrollTop = 0;
    done();
    return () => {};
  }
  let frames = 0;
  let still = 0;
  let request = 0;
  const stop = () => {
    cancelAnimationFrame(request);
    for (const event of OWN_SCROLL) canvas.removeEventListener(event, end);
  };
  const end = () => {
    stop();
    done();
  };
  const step = () => {
    frames += 1;
    const top = topOf(spansOf(canvas), place);
    if (top !== null) {
      const before = canvas.scrollTop;
      canvas.scrollTop += Math.round(top - inset(canvas));
      still = Math.abs(canvas.scrollTop - before) <= 1 ? still + 1 : 0;
    }
    if (still >= STILL_FRAMES || frames >= FRAMES_MAX) end();
    else request = requestAnimationFrame(step);
  };
  for (const event of OWN_SCROLL) canvas.addEventListener(event, end, { passive: true });
  step();
  return stop;
}

/** A widget under the padding can be seen. */
export function inset(canvas: HTMLElement): number {
  return Number.parseFloat(getComputedStyle(canvas).paddingTop) || 0;
}

export function spansOf(canvas: HTMLElement): readonly Span[] {
  const edge = canvas.getBoundingClientRect().top;
  return [...canvas.querySelectorAll<HTMLElement>("[data-item]")].map((element) => {
    const { top, left, height } = element.getBoundingClientRect();
    return { item: element.dataset.item ?? "", top: top - edge, left, height };
  });
}
