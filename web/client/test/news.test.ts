/** News: told in order, whatever one piece of it does. */
import { afterEach, expect, it, vi } from "vitest";
import { News } from "../src/support/news.js";
import { settle, uncaught } from "./fakes.js";

afterEach(() => void vi.unstubAllGlobals());

it("tells the rest where one piece of it throws, and what comes later", async () => {
  const errors = uncaught();
  const news = new News();
  const told: string[] = [];
  // What another tab would be told cannot be cloned.
  const failure = new DOMException("a function", "DataCloneError");
  news.push(() => told.push("first"));
  news.push(() => {
    throw failure;
  });
  news.push(() => told.push("second"));
  news.tell();
  expect(told).toEqual(["first", "second"]);
  news.push(() => told.push("third"));
  news.tell();
  news.later(() => told.push("fourth"));
  await settle();
  expect(told).toEqual(["first", "second", "third", "fourth"]);
  expect(errors).toEqual([failure]);
});
