/** What the list of one's own devices says, in words. Pure. */
import type { OwnDevice, OwnTab } from "@coboard/client";

export function isAlone(devices: readonly OwnDevice[]): boolean {
  return devices.every(({ tabs }) => tabs.every((tab) => tab.isThis));
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
