/** Collects the steps of one edit. */
import type { ItemId, Json, Path } from "../api/basic.js";
import type { Edit, Place } from "../api/document.js";
import type { TextDelta } from "../api/text.js";
import { type Step, wireDelta } from "../core/boundary.js";
import type { FormerPlace } from "./mirror.js";

/** The `Edit` that a change function is given. @internal */
export class Recorder implements Edit {
  readonly steps: Step[] = [];
  readonly #reserve: () => ItemId;
  readonly #formerPlace: (item: ItemId) => FormerPlace | null;
  #open = true;

  constructor(reserve: () => ItemId, formerPlace: (item: ItemId) => FormerPlace | null) {
    this.#reserve = reserve;
    this.#formerPlace = formerPlace;
  }

  /** Runs a change function; afterwards this recorder takes nothing more. */
  run<R>(change: (edit: Edit) => R): R {
    try {
      return change(this);
    } finally {
      this.#open = false;
    }
  }

  set(path: Path, value: Json): void {
    this.#push({ set: { path, value } });
  }

  remove(path: Path): void {
    this.#push({ remove: { path } });
  }

  add(path: Path, integer: number): void {
    this.#push({ add: { path, by: integer } });
  }

  text(path: Path, delta: TextDelta): void {
    this.#push({ text: { path, delta: wireDelta(delta) } });
  }

  insert(list: Path, value: Json, at?: Place): ItemId {
    const item = this.#reserve();
    this.#push({ insert: { list, value, item, ...where(at) } });
    return item;
  }

  move(item: ItemId, list: Path, at?: Place): void {
    this.#push({ move: { item, list, ...where(at) } });
  }

  trash(item: ItemId): void {
    this.#push({ trash: { item } });
  }

  restore(item: ItemId, at?: Place): void {
    const place = this.#formerPlace(item);
    if (!place) throw new Error(`the former place of item ${item} is not known here: move it instead`);
    this.move(item, place.list, at ?? place.at);
  }

  #push(step: Step): void {
    if (!this.#open) throw new Error("an Edit is valid only inside the function it was given to");
    this.steps.push(step);
  }
}

function where(at: Place | undefined): { at?: Place } {
  return at === undefined ? {} : { at };
}
