/** What is said to people who listen instead of look. The regions themselves are in `LiveRegions`. */
import { News } from "./news";

type Level = "polite" | "assertive";
type Listener = (level: Level, text: string) => void;

/** Answers to one's own doing closer together than this are replaced by the newest. */
const POLITE_GAP_MS = 400;

let listener: Listener | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;

export function listenToAnnouncements(next: Listener): () => void {
  listener = next;
  return () => {
    if (listener === next) listener = null;
  };
}

/** Answers what the listener has just done. */
export function announce(text: string): void {
  clearTimeout(timer);
  timer = setTimeout(() => listener?.("polite", text), POLITE_GAP_MS);
}

/** What others do, and how the connection is: seldom, and several things at once. */
export const news = new News((text) => listener?.("polite", text));

/** Says something at once: only where work may be lost. */
export function alarm(text: string): void {
  listener?.("assertive", text);
}
