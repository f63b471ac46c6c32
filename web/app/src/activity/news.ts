/** What others do, gathered into one sentence for people who listen: at most one in five seconds. */

/** Time between two sentences. */
export const NEWS_GAP_MS = 5_000;
/** What happens at once is one sentence. */
const GATHER_MS = 600;

/** Something that somebody else did. */
export type News =
  | { readonly what: "joined" | "left"; readonly name: string }
  | { readonly what: "did"; readonly name: string; readonly text: string; readonly id: string };

/** Gathers news and says them in time. */
export class NewsTeller {
  readonly #say: (sentence: string) => void;
  #news: News[] = [];
  #saidAtMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (sentence: string) => void) {
    this.#say = say;
  }

  add(news: News): void {
    // Whoever goes and comes back, or does more of the same, is said once, as it is in the end.
    const others = this.#news.filter((known) => !replaces(news, known));
    this.#news = [...others, news];
    const wait = Math.max(GATHER_MS, this.#saidAtMs + NEWS_GAP_MS - Date.now());
    this.#timer ??= setTimeout(() => this.#tell(), wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#news = [];
  }

  #tell(): void {
    this.#timer = undefined;
    this.#saidAtMs = Date.now();
    const sentence = summary(this.#news);
    this.#news = [];
    if (sentence !== "") this.#say(sentence);
  }
}

function replaces(news: News, known: News): boolean {
  if (news.what === "did" || known.what === "did")
    return news.what === "did" && known.what === "did" && news.id === known.id;
  return news.name === known.name;
}

/** "Ana and 2 others joined. Ben moved “CPU” to the right." */
export function summary(news: readonly News[]): string {
  const namesOf = (what: News["what"]) => [
    ...new Set(news.filter((one) => one.what === what).map(({ name }) => name)),
  ];
  const did = news.filter((one) => one.what === "did");
  const [first] = did;
  const sentences = [
    said(namesOf("joined"), "joined"),
    said(namesOf("left"), "left"),
    first && did.length === 1
      ? `${first.name} ${first.text}`
      : said(namesOf("did"), `made ${did.length} changes`),
  ];
  return sentences.filter((sentence) => sentence !== "").join(". ");
}

/** "Ana", "Ana and Ben", "Ana and 2 others". */
function said(names: readonly string[], what: string): string {
  const [first, second] = names;
  if (first === undefined) return "";
  if (second === undefined) return `${first} ${what}`;
  return names.length === 2
    ? `${first} and ${second} ${what}`
    : `${first} and ${names.length - 1} others ${what}`;
}
