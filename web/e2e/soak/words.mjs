/** Numbered words that a page types into one text, and what became of them. */
import { until } from "../support/until.mjs";

const WORD = /\b[a-z]+\d+x/g;

/** All words of a text, in order. */
export function wordsOf(text) {
  return text.match(WORD) ?? [];
}

/** What is wrong with a text that must hold these words, each once: in words, nothing if all is well. */
export function faults(text, safe) {
  const found = wordsOf(text);
  const counts = new Map();
  for (const word of found) counts.set(word, (counts.get(word) ?? 0) + 1);
  const lost = [...safe].filter((word) => !counts.has(word));
  const doubled = [...counts].filter(([, count]) => count > 1).map(([word]) => word);
  return [...lost.map((word) => `lost: ${word}`), ...doubled.map((word) => `twice: ${word}`)];
}

/** One page that types: it knows what it typed, and what the page called safe. */
export class Typist {
  /** Words that are whole in the page. */
  typed = new Set();
  /** Words that the page called safe: kept on the device, or with the server. */
  safe = new Set();
  /** Words that the page called saved: the server has them. */
  saved = new Set();
  /** Every letter that the page took, in order, and when. */
  #letters = "";
  #times = [];
  #stopped = false;
  #work = null;

  /**
   * @param {import("../support/dashboard.mjs").Dashboard} dashboard
   * @param {string} name letters that begin each of its words
   */
  constructor(dashboard, name) {
    this.dashboard = dashboard;
    this.name = name;
  }

  get text() {
    return this.dashboard.byTestId("text-editor").locator("[contenteditable='true']");
  }

  /** Opens the editor of the widget and puts the cursor at the end. */
  async sit(title) {
    await this.dashboard.edit(title);
    await this.text.click();
    await this.dashboard.page.keyboard.press("Control+End");
  }

  /** Types from now on, word by word, and rests after each: a device that is written to all the time is never done. */
  start(delayMs, restMs = 0) {
    this.#work = this.#type(delayMs, restMs);
  }

  /** Types no more, and waits until the last word is whole. */
  async stop() {
    this.#stopped = true;
    await this.#work;
  }

  /** Notes what is safe: a text that was there before the page says so. */
  async look() {
    const found = wordsOf((await this.text.textContent()) ?? "").filter((word) => this.typed.has(word));
    const state = await this.#settledState();
    if (state.durability !== "memory") for (const word of found) this.safe.add(word);
    if (state.pending === "0" && state.state === "saved") for (const word of found) this.saved.add(word);
  }

  /** What the pill says once it has been drawn after all that was typed so far. */
  #settledState() {
    return this.dashboard.page.evaluate(async () => {
      for (let frame = 0; frame < 2; frame += 1) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      return { ...document.querySelector("[data-testid='status-pill']").dataset };
    });
  }

  /** Whether a text has something that was typed after this time. */
  hasAfter(text, time) {
    const start = text.indexOf(` ${this.name}0x`);
    if (start === -1) return false;
    let length = 0;
    while (length < this.#letters.length && text[start + length] === this.#letters[length]) length += 1;
    return this.#times[length - 1] > time;
  }

  async #type(delayMs, restMs) {
    const { keyboard } = this.dashboard.page;
    let count = 0;
    try {
      while (!this.#stopped) {
        const word = `${this.name}${count}x`;
        for (const letter of ` ${word}`) {
          const time = performance.now();
          await keyboard.type(letter);
          this.#letters += letter;
          this.#times.push(time);
          await sleep(delayMs);
        }
        this.typed.add(word);
        await sleep(restMs);
        count += 1;
      }
    } catch (error) {
      // The page is gone: that is what these runs are for.
      if (!this.dashboard.page.isClosed() && !/crashed|closed/.test(String(error))) throw error;
    }
  }
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until nothing of a page is on its way. */
export function isSaved(dashboard, patienceMs) {
  return until("all is saved", async () => (await dashboard.state()) === "saved", patienceMs);
}
