/** Two versions of one text as one, where they differ from it at places apart. */
import { splice } from "./delta.js";

/** What is replaced, from `start` to `end`, and by what. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * `theirs` with what `mine` changes in `base`; null where both change the same words: what came of it would be neither.
 * Linear in the length of the texts.
 * @internal
 */
export function beside(base: string, theirs: string, mine: string): string | null {
  const own = spanOf(base, mine);
  const [ownWords, otherWords] = [wordsAt(base, own), wordsAt(base, spanOf(base, theirs))];
  if (ownWords.end < otherWords.start) return placed(theirs, own, 0);
  if (otherWords.end < ownWords.start) return placed(theirs, own, theirs.length - base.length);
  return null;
}

function spanOf(before: string, after: string): Span {
  const delta = splice(before, after);
  const start = typeof delta[0] === "number" ? delta[0] : 0;
  const deleted = delta.find((part) => typeof part === "object")?.delete ?? 0;
  return { start, end: start + deleted, text: delta.find((part) => typeof part === "string") ?? "" };
}

/** A span with the whole of the words that it begins and ends in or at. */
function wordsAt(text: string, { start, end }: Span): Omit<Span, "text"> {
  const isWord = (at: number) => at >= 0 && at < text.length && text.charAt(at).trim() !== "";
  let [first, last] = [start, end];
  while (isWord(first - 1)) first -= 1;
  while (isWord(last)) last += 1;
  return { start: first, end: last };
}

function placed(text: string, { start, end, text: made }: Span, by: number): string {
  return text.slice(0, start + by) + made + text.slice(end + by);
}
