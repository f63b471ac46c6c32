/**
 * Which messages lead from a snapshot to a revision. Several tabs write what they heard into one store, and each may
 * have heard it in other pieces; every piece leads from where it can be entered to its end.
 */
import type { Revision } from "../api/basic.js";

/** What a chain is made of. @internal */
export interface Piece {
  from: Revision;
  to: Revision;
  /** Revisions at which it can be entered; null: all from `from` to `to`. */
  stops: readonly Revision[] | null;
}

/** Pieces that follow each other, and where they lead. @internal */
export interface Chain<P extends Piece> {
  pieces: readonly P[];
  to: Revision;
}

/** All revisions that can be reached from a start, each with the way to it. @internal */
export class Reach<P extends Piece> {
  readonly #came = new Map<Revision, { piece: P; before: Revision } | null>();

  constructor(
    readonly start: Revision,
    pieces: readonly P[],
  ) {
    this.#came.set(start, null);
    const waiting = [start];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const piece of pieces) {
        if (this.#came.has(piece.to) || !canEnter(piece, at)) continue;
        this.#came.set(piece.to, { piece, before: at });
        waiting.push(piece.to);
      }
    }
  }

  /** The newest revision there is a way to. */
  get furthest(): Revision {
    return Math.max(...this.#came.keys());
  }

  has(revision: Revision): boolean {
    return this.#came.has(revision);
  }

  /** The pieces up to a revision, in order; null where there is no way. */
  chain(to: Revision): Chain<P> | null {
    if (!this.has(to)) return null;
    const pieces: P[] = [];
    for (let step = this.#came.get(to); step; step = this.#came.get(step.before)) pieces.push(step.piece);
    return { pieces: pieces.reverse(), to };
  }
}

function canEnter({ from, to, stops }: Piece, at: Revision): boolean {
  return from <= at && at < to && (stops === null || stops.includes(at));
}

/** A message with the members that say where it can be entered. @internal */
export interface RawMessage {
  from: Revision;
  to: Revision;
  /** Absent: single entries. */
  segments?: readonly ({ entry: unknown } | { from: Revision; to: Revision })[];
}

/** Where a message can be entered: anywhere, unless several entries came as one. @internal */
export function stopsOf({ from, segments = [] }: RawMessage): readonly Revision[] | null {
  if (segments.every((segment) => "entry" in segment)) return null;
  const stops: Revision[] = [];
  let at = from;
  for (const segment of segments) {
    stops.push(at);
    at = "to" in segment ? segment.to : at + 1;
  }
  return stops;
}

/** A snapshot's place. @internal */
export interface Start {
  lineage: string;
  revision: Revision;
}

/** A piece of one history, and the client it was made for, if not for all. @internal */
export interface HeardPiece extends Piece {
  lineage: string;
  heardBy: string;
}

/** Where the queue of a client stands, or the client itself. @internal */
export interface Place {
  lineage: string;
  client: string;
  /** Ascending, at least one. */
  bases: readonly Revision[];
  /** It may have gone on from the last one, but not beyond this. */
  until?: Revision;
}

/**
 * The way from a snapshot over each base in turn. Up to the first anything will do; from there on own operations must
 * come by themselves, so what was made for other clients is of no use. Null where there is no way.
 *
 * @internal
 */
export function wayTo<P extends HeardPiece>(start: Start, pieces: readonly P[], place: Place): P[] | null {
  if (start.lineage !== place.lineage) return null;
  let usable = ofLineage(pieces, place.lineage);
  let at = start.revision;
  const way: P[] = [];
  for (const base of place.bases) {
    const chain = new Reach(at, usable).chain(base);
    if (chain === null) return null;
    way.push(...chain.pieces);
    usable = usable.filter(({ heardBy }) => heardBy === "" || heardBy === place.client);
    at = base;
  }
  return way;
}

/** The pieces that lead on from a revision as far as there are any. @internal */
export function wayOn<P extends HeardPiece>(
  from: Revision,
  pieces: readonly P[],
  place: Place,
): readonly P[] {
  const usable = ofLineage(pieces, place.lineage).filter(
    ({ heardBy }) => heardBy === "" || heardBy === place.client,
  );
  const reach = new Reach(from, usable);
  return reach.chain(reach.furthest)?.pieces ?? [];
}

/** What is still needed of a Document. @internal */
export interface Needed<S, P> {
  starts: ReadonlySet<S>;
  pieces: ReadonlySet<P>;
}

/**
 * What is still needed: the newest snapshot with all behind it; and for each place that it does not lead to, the newest
 * that does with the way to it.
 *
 * @param starts - Snapshots, newest last.
 * @internal
 */
export function needed<S extends Start, P extends HeardPiece>(
  starts: readonly S[],
  pieces: readonly P[],
  places: readonly Place[],
): Needed<S, P> {
  const newest = starts.at(-1);
  if (!newest) return { starts: new Set(), pieces: new Set() };
  const needs = new Set<S>([newest]);
  const used = new Set<P>(ofLineage(pieces, newest.lineage).filter(({ to }) => to > newest.revision));
  for (const place of places) {
    for (const start of [...starts].reverse()) {
      const way = wayTo(start, pieces, place);
      if (way === null) continue;
      needs.add(start);
      for (const piece of way) used.add(piece);
      for (const piece of onFrom(place, pieces)) used.add(piece);
      break;
    }
  }
  return { starts: needs, pieces: used };
}

/** All ways that a client may have gone that has not said where it is. */
function onFrom<P extends HeardPiece>({ lineage, client, bases, until }: Place, pieces: readonly P[]): P[] {
  const last = bases.at(-1);
  if (until === undefined || last === undefined) return [];
  return ofLineage(pieces, lineage).filter(
    ({ from, to, heardBy }) => to > last && from < until && (heardBy === "" || heardBy === client),
  );
}

/** Those of one history. @internal */
export function ofLineage<P extends { lineage: string }>(pieces: readonly P[], lineage: string): P[] {
  return pieces.filter((piece) => piece.lineage === lineage);
}
