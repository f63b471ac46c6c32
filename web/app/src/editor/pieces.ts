/** Cuts what is too much for one operation, as a long text that is pasted, into deltas that follow each other. Pure. */
import type { TextDelta } from "@coboard/client";
import { splitsPair } from "./textDelta";

/** UTF-16 units one operation inserts and deletes: at three bytes each some of its limit is left. */
export const PIECE_UNITS_MAX = 16_384;

type Part = TextDelta[number];

/**
 * Deltas that together do what `delta` does to `text`, each within the limit; one, where that is enough. What is
 * done at one place together stays so as long as it fits.
 */
export function piecesOf(delta: TextDelta, text: string, unitsMax = PIECE_UNITS_MAX): readonly TextDelta[] {
  const pieces: Part[][] = [];
  let piece: Part[] = [];
  let units = 0;
  let read = 0;
  let written = 0;
  const put = (part: Part, size: number) => {
    if (units > 0 && units + size > unitsMax) {
      pieces.push(piece);
      // The pieces before it have written what stands there now.
      piece = written > 0 ? [written] : [];
      units = 0;
    }
    piece.push(part);
    units += size;
  };
  for (const part of delta) {
    if (typeof part === "number") {
      piece = skipping(piece, part);
      read += part;
      written += part;
    } else if (typeof part === "string") {
      for (const chunk of chunks(part, unitsMax)) {
        put(chunk, chunk.length);
        written += chunk.length;
      }
    } else {
      for (const chunk of chunks(text.slice(read, read + part.delete), unitsMax)) {
        put({ delete: chunk.length }, chunk.length);
      }
      read += part.delete;
    }
  }
  return units > 0 ? [...pieces, piece] : pieces;
}

/** Two skips in a row are one. */
function skipping(piece: readonly Part[], count: number): Part[] {
  const last = piece.at(-1);
  return typeof last === "number" ? [...piece.slice(0, -1), last + count] : [...piece, count];
}

function* chunks(text: string, unitsMax: number): Generator<string> {
  let from = 0;
  while (from < text.length) {
    let to = Math.min(from + unitsMax, text.length);
    if (splitsPair(text, to)) to -= 1;
    yield text.slice(from, to);
    from = to;
  }
}
