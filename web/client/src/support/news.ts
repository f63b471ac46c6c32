/** What listeners have to be told, in order: told when the state is whole. */
import { runListeners } from "./listeners.js";

/** News of one session. @internal */
export class News {
  readonly #news: (() => void)[] = [];
  #telling = false;

  push(news: () => void): void {
    this.#news.push(news);
  }

  /** Told with the news; at once where nothing is being told. */
  later(news: () => void): void {
    this.#news.push(news);
    queueMicrotask(() => this.tell());
  }

  /** Tells the news in order; what listeners cause meanwhile is told after it, and what one throws surfaces by itself. */
  tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    for (let news = this.#news.shift(); news; news = this.#news.shift())
      runListeners([news], (tell) => tell());
    this.#telling = false;
  }
}
