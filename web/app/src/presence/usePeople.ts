/** The others, one entry each; renders only when something other than a cursor changes. */
import type { ItemId, User } from "@coboard/client";
import { useDocumentHandle, useLeases, useOthersMapped } from "@coboard/react";
import { useMemo } from "react";
import { editorsOf, type Person, personOf, samePerson } from "./people";

export function usePeople(): readonly Person[] {
  const others = useOthersMapped(personOf, samePerson);
  return useMemo(() => others.map(([, person]) => person), [others]);
}

/** Who is editing a widget at this moment, each once. */
export function useEditors(item: ItemId): readonly User[] {
  const handle = useDocumentHandle();
  const leases = useLeases();
  return useMemo(() => (leases.length === 0 ? [] : editorsOf(handle, item)), [handle, leases, item]);
}
