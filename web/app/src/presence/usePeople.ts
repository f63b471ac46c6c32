/** What others are doing, in words; renders only when something other than a cursor changes. */
import type { ItemId, User } from "@coboard/client";
import { type StackPerson, useDocumentHandle, useLeases, useOther } from "@coboard/react";
import { useMemo } from "react";
import { useBoard } from "../dashboard/useBoard";
import { doingOf, editorsOf } from "./people";

/** Who is editing a widget at this moment, each once. */
export function useEditors(item: ItemId): readonly User[] {
  const handle = useDocumentHandle();
  const leases = useLeases();
  return useMemo(() => (leases.length === 0 ? [] : editorsOf(handle, item)), [handle, leases, item]);
}

/** What somebody does and where they sit: "editing CPU query", "on a phone", "away". */
export function useDoing({ id, activity, device }: StackPerson): readonly string[] {
  const handle = useDocumentHandle();
  const board = useBoard();
  const lease = useLeases().find(({ user }) => user.id === id);
  const presents = useOther(id, ({ presence }) => presence.presenting === true);
  const followed = useOther(id, ({ presence }) => presence.following ?? null);
  const leader = useOther(followed ?? "", ({ user }) => user.name);
  const self = handle.presence.self.current.user.id;
  const told = [
    doingOf(handle, board, lease),
    presents ? "presenting" : "",
    followed === self ? "follows you" : leader ? `follows ${leader}` : "",
    device && device !== "Computer" ? `on a ${device.toLowerCase()}` : "",
    activity === "active" ? "" : activity,
  ];
  return told.filter(Boolean);
}
