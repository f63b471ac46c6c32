/** The others, one entry each; renders only when something other than a cursor changes. */
import type { ItemId } from "@coboard/client";
import { useOthersMapped } from "@coboard/react";
import { useMemo } from "react";
import { editedItem, type Person, personOf, samePerson } from "./people";

export function usePeople(): readonly Person[] {
  const others = useOthersMapped(personOf, samePerson);
  return useMemo(() => others.map(([, person]) => person), [others]);
}

/** Who has a widget in their editor. */
export function useEditors(item: ItemId): readonly Person[] {
  const people = usePeople();
  return useMemo(() => people.filter((person) => editedItem(person) === item), [people, item]);
}
