/** Search in the list: every word must be in the title, the tags or the folder, in any order, case and accents aside. */
import type { DashboardSummary } from "@coboard/client";

type Searched = Pick<DashboardSummary, "title" | "tags" | "folder">;

export function matchesSearch(dashboard: Searched, search: string): boolean {
  const text = plain([dashboard.title, dashboard.folder ?? "", ...dashboard.tags].join(" "));
  return plain(search)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
