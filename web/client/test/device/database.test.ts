/** Reading that takes too long. */
import { expect, it } from "vitest";
import { within } from "../../src/device/database.js";

it("lets go of what comes too late, and never of what came in time", async () => {
  let come = (_value: string) => {};
  const late = new Promise<string>((resolve) => {
    come = resolve;
  });
  const unused: string[] = [];
  await expect(within(late, (value) => unused.push(value), 1)).rejects.toMatchObject({
    code: "E_DEVICE_STORAGE",
    details: { reason: "slow" },
  });
  come("a lock");
  await late;
  expect(unused).toEqual(["a lock"]);
  expect(await within(Promise.resolve("another"), (value) => unused.push(value), 1_000)).toBe("another");
  expect(unused).toEqual(["a lock"]);
});
