/** What the list of one's own devices says, in words. Pure. */
import type { DocumentView, OwnDevice, OwnTab } from "@coboard/client";
import { describeRange } from "../data/timeRange";
import { rangeOf, type View } from "../view/visits";

export interface Here {
  /** What else is connected, with this tab in its device. */
  readonly devices: readonly OwnDevice[];
  /** Whether there is anything but this tab. */
  readonly alone: boolean;
}

export function hereOf(devices: readonly OwnDevice[]): Here {
  const tabs = devices.flatMap((device) => device.tabs);
  return { devices, alone: tabs.every((tab) => tab.isThis) };
}

/** The same view here as there; at the top where that tab has not said. */
export function viewThere(told: DocumentView | null): View {
  const { anchor = null, offset = 0, from, to } = told ?? {};
  const inside = typeof offset === "number" && offset >= 0 && offset <= 1 ? offset : 0;
  return { anchor: typeof anchor === "string" ? anchor : null, offset: inside, range: rangeOf({ from, to }) };
}

/** "Last 1 h", if that tab shows another range than the dashboard's own. */
export function rangeThere(told: DocumentView | null): string | null {
  const { range } = viewThere(told);
  return range ? describeRange({ time: { ...range } }) : null;
}

export function deviceNameOf({ name, isThis }: Pick<OwnDevice, "name" | "isThis">): string {
  return name ?? (isThis ? "This device" : "A program");
}

export function isHandheld({ name }: Pick<OwnDevice, "name">): boolean {
  return /Android|iPhone|iPad/.test(name ?? "");
}

/** Of several tabs of one device: which one. */
export function tabName(tab: OwnTab, index: number, count: number): string {
  if (tab.isThis) return "This tab";
  return count > 1 ? `Tab ${index + 1}` : "";
}
