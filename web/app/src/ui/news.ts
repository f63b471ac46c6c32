/** What happens without one's doing, for people who listen: gathered, and said at most once in a while. Pure but for its timer. */

/** Time to gather what happens together. */
const GATHER_MS = 400;
/** Between two sentences. */
const GAP_MS = 5_000;
const NAMES_MAX = 3;

export class News {
  readonly #say: (text: string) => void;
  readonly #moves = new Map<string, { readonly name: string; readonly came: boolean }>();
  readonly #topics = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saidAtMs = Number.NEGATIVE_INFINITY;

  constructor(say: (text: string) => void) {
    this.#say = say;
  }

  /** Somebody came or went; both in a row are no news. */
  move(id: string, name: string, came: boolean): void {
    const before = this.#moves.get(id);
    if (before && before.came !== came) this.#moves.delete(id);
    else this.#moves.set(id, { name, came });
    this.#wait();
  }

  /** One sentence a topic: a newer one takes the place of what was not said yet. */
  tell(topic: string, text: string): void {
    this.#topics.delete(topic);
    this.#topics.set(topic, text);
    this.#wait();
  }

  #wait(): void {
    const left = this.#saidAtMs + GAP_MS - Date.now();
    this.#timer ??= setTimeout(() => this.#flush(), Math.max(GATHER_MS, left));
  }

  #flush(): void {
    this.#timer = undefined;
    const moves = [...this.#moves.values()];
    const sentences = [
      sentence(
        moves.filter(({ came }) => came).map(({ name }) => name),
        "joined",
      ),
      sentence(
        moves.filter(({ came }) => !came).map(({ name }) => name),
        "left",
      ),
      ...this.#topics.values(),
    ].filter((text) => text !== "");
    this.#moves.clear();
    this.#topics.clear();
    if (sentences.length === 0) return;
    this.#saidAtMs = Date.now();
    this.#say(sentences.map((text) => text.replace(/\.$/, "")).join(". "));
  }
}

/** "Ana joined", "Ana and Bo left", "Ana, Bo, Cy and 4 others joined". */
function sentence(names: readonly string[], verb: string): string {
  if (names.length === 0) return "";
  const rest = names.length - NAMES_MAX;
  const shown =
    rest > 0 ? [...names.slice(0, NAMES_MAX), rest === 1 ? "one other" : `${rest} others`] : names;
  const last = shown[shown.length - 1];
  return `${shown.length > 1 ? `${shown.slice(0, -1).join(", ")} and ` : ""}${last} ${verb}`;
}
