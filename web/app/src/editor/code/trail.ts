/**
 * What happened to a text lately, to find the place that somebody meant who had seen less of it, or more.
 *
 * A caret is sent as an offset into the text of its owner: that of a revision, with what the owner has typed since. Here
 * the same text has changes that the owner had not seen, in between those that were. The former are moved behind the
 * latter, and then move the caret.
 */
import type { ClientId, Revision } from "@coboard/client";
import type { ChangeDesc, ChangeSet } from "@codemirror/state";

/** Changes remembered. Carets are told anew more often than that. */
const CHANGES_MAX = 200;

interface Step {
  readonly client: ClientId;
  /** Of an own change; several may be one operation. */
  readonly sequence: number | null;
  /** Null until it is committed. */
  revision: Revision | null;
  readonly changes: ChangeDesc;
}

/** What the owner of a caret had seen. */
export interface Seen {
  readonly client: ClientId;
  readonly revision: Revision;
  /** Operations on this text that its owner had made by then and that are not in the revision. */
  readonly ahead: number;
}

export class TextTrail {
  #steps: Step[] = [];

  /** A change of somebody else, at its revision; or an own one, with the sequence of its operation. */
  add(client: ClientId, changes: ChangeSet, revision: Revision | null, sequence: number | null = null): void {
    this.#steps.push({ client, sequence, revision, changes: changes.desc });
    if (this.#steps.length > CHANGES_MAX) this.#steps.shift();
  }

  /** An own change from elsewhere, as an undo: its operation has a number behind those that are known. */
  addOwn(client: ClientId, changes: ChangeSet): void {
    const newest = Math.max(0, ...this.#steps.map(({ sequence }) => sequence ?? 0));
    this.add(client, changes, null, newest + 0.5);
  }

  /** The text was replaced: nothing leads to what it was before. */
  clear(): void {
    this.#steps = [];
  }

  /** An own operation is committed, and with it those before it. */
  committed(sequence: number, revision: Revision): void {
    for (const step of this.#steps) {
      if (step.revision === null && step.sequence !== null && step.sequence <= sequence)
        step.revision = revision;
    }
  }

  /** Own operations that are not in a revision. */
  ahead(revision: Revision): number {
    const own = this.#steps.filter(
      (step) => step.sequence !== null && (step.revision ?? Infinity) > revision,
    );
    return new Set(own.map(({ sequence }) => sequence)).size;
  }

  /** Whether the owner of a caret may have seen more than is here: what they saw elsewhere in the Document counts too. */
  isBehind({ revision }: Seen): boolean {
    return !this.#steps.some((step) => step.revision !== null && step.revision >= revision);
  }

  /** Whether everything is here that the owner of a caret had seen. */
  has({ client, revision, ahead }: Seen): boolean {
    return this.#steps.filter((step) => isLater(step, client, revision)).length >= ahead;
  }

  /** Where an offset of somebody's text is now. What others write right there comes after it. */
  place(offset: number, seen: Seen): number {
    const changes = this.#unseen(seen);
    return changes.reduce(
      (at, { desc, own }) => (at <= desc.length ? desc.mapPos(at, own ? 1 : -1) : at),
      offset,
    );
  }

  /** What the owner of a caret had not seen, as it applies to what was seen. */
  #unseen({ client, revision, ahead }: Seen): { desc: ChangeDesc; own: boolean }[] {
    let unseen: { desc: ChangeDesc; own: boolean }[] = [];
    let left = ahead;
    for (const step of this.#steps) {
      const own = step.client === client;
      const isNew = isLater(step, client, revision) ? left-- <= 0 : (step.revision ?? Infinity) > revision;
      if (isNew) unseen.push({ desc: step.changes, own });
      else unseen = behind(step.changes, unseen);
    }
    return unseen;
  }
}

/** Whether a change of the owner of a caret is not in a revision. */
function isLater(step: Step, client: ClientId, revision: Revision): boolean {
  return step.client === client && (step.revision ?? Infinity) > revision;
}

/** The changes as they are if `seen`, which came after them, had come before them. */
function behind(seen: ChangeDesc, unseen: readonly { desc: ChangeDesc; own: boolean }[]) {
  let before = seen;
  const moved = [...unseen].reverse().map(({ desc, own }) => {
    const staysBefore = startOf(before) >= endOf(desc);
    before = before.mapDesc(desc.invertedDesc);
    return { desc: desc.mapDesc(before, staysBefore), own };
  });
  return moved.reverse();
}

/** Where the first change begins, in the text before it. */
function startOf(changes: ChangeDesc): number {
  let start: number | null = null;
  changes.iterChangedRanges((from) => {
    start ??= from;
  });
  return start ?? 0;
}

/** Where the first change ends, in the text with it. */
function endOf(changes: ChangeDesc): number {
  let end: number | null = null;
  changes.iterChangedRanges((_fromA, _toA, _fromB, to) => {
    end ??= to;
  });
  return end ?? 0;
}
