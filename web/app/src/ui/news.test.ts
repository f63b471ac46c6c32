/** What is said of others: gathered, seldom, and nothing of what is over already. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { News } from "./news";

const said: string[] = [];
let news: News;

beforeEach(() => {
  vi.useFakeTimers();
  said.length = 0;
  news = new News((text) => said.push(text));
});
afterEach(() => vi.useRealTimers());

test("who comes together is said together", () => {
  news.move("a", "Ana", true);
  news.move("b", "Bo", true);
  news.move("c", "Cy", false);
  vi.advanceTimersByTime(400);
  expect(said).toEqual(["Ana and Bo joined. Cy left"]);
});

test("a crowd is a number", () => {
  for (const name of ["Ana", "Bo", "Cy", "Di", "Ed"]) news.move(name, name, true);
  vi.advanceTimersByTime(400);
  expect(said).toEqual(["Ana, Bo, Cy and 2 others joined"]);
});

test("at most one sentence in five seconds, and the last one is not lost", () => {
  news.tell("status", "Offline.");
  vi.advanceTimersByTime(400);
  for (let second = 0; second < 4; second += 1) {
    news.tell("status", `state ${second}`);
    vi.advanceTimersByTime(1_000);
  }
  expect(said).toEqual(["Offline"]);
  vi.advanceTimersByTime(1_000);
  expect(said).toEqual(["Offline", "state 3"]);
});

test("who is back before it was said has not been away", () => {
  news.move("a", "Ana", false);
  news.move("a", "Ana", true);
  vi.advanceTimersByTime(10_000);
  expect(said).toEqual([]);
});
