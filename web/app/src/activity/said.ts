/** What others did, in one sentence for people who listen. */
import type { ActivityEntry } from "@coboard/client";

/** "Bo moved “CPU” to the right", or of several "Bo and Eve made 4 changes". */
export function saidOf(entries: readonly Pick<ActivityEntry, "name" | "text">[]): string {
  const [first] = entries;
  if (!first) return "";
  if (entries.length === 1) return `${first.name} ${first.text}`;
  const names = [...new Set(entries.map(({ name }) => name))];
  const who = names.length > 2 ? `${first.name} and ${names.length - 1} others` : names.join(" and ");
  return `${who} made ${entries.length} changes`;
}
