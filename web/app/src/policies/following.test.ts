/** What the panel shows while others write too: nobody's rules are shown as saved, or lost, in silence. */
import { CoboardError, type PathPolicy } from "@coboard/client";
import { expect, it } from "vitest";
import { followed, LOADING, notSaved, reread, shown } from "./following";

const rules = (...paths: string[]): PathPolicy[] => paths.map((path) => ({ path, policy: "first" }));
const overtaken = new CoboardError("E_REV_OLD", "the policies have changed since");

it("shows what others save, and says who", () => {
  const known = shown(rules("/a"));
  expect(followed(known, rules("/a", "/b"), "Bo")).toMatchObject({
    rules: rules("/a", "/b"),
    news: "Bo changed the rules.",
  });
  expect(followed(known, rules("/b"), null)).toMatchObject({ news: "You changed the rules elsewhere." });
  expect(followed(LOADING, rules("/a"), "Bo")).toMatchObject({ rules: rules("/a"), news: null });
});

it("does not take what it shows already for news", () => {
  const known = shown(rules("/a", "/b"));
  expect(followed(known, rules("/a", "/b"), "Bo")).toBe(known);
  expect(reread(known, { ok: true, value: rules("/a", "/b") })).toBe(known);
  expect(followed(known, rules("/b", "/a"), "Bo")).toMatchObject({ news: "Bo changed the rules." });
});

it("says what was changed while it heard nothing, and shows on what it has where nobody answers", () => {
  const known = shown(rules("/a"));
  expect(reread(known, { ok: true, value: [] })).toMatchObject({
    rules: [],
    news: "The rules were changed meanwhile.",
  });
  expect(reread(known, { ok: false, error: overtaken })).toBe(known);
  expect(reread(LOADING, { ok: false, error: overtaken })).toMatchObject({ state: "failed" });
});

it("keeps what others saved when one's own comes too late, and says that it was not saved", () => {
  const mine = shown(rules("/a", "/mine"));
  const theirs = followed(mine, rules("/a", "/theirs"), "Bo");
  const late = notSaved(theirs, null, overtaken);
  expect(late).toMatchObject({ rules: rules("/a", "/theirs"), news: "Bo changed the rules." });
  expect(late).toHaveProperty("problem", expect.stringContaining("somebody else changed the rules"));
  const refused = notSaved(
    mine,
    rules("/a"),
    new CoboardError("E_UNAVAILABLE", "the server was not reached"),
  );
  expect(refused).toMatchObject({ rules: rules("/a"), problem: "the server was not reached" });
});
