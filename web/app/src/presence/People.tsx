/** Who is here: discs with initials, oneself last. */
import { useLeases, useOthersListener, useSelf } from "@coboard/react";
import { Tooltip } from "@mantine/core";
import { nameOf } from "../dashboard/model";
import styles from "../dashboard/page.module.css";
import { itemOfPath } from "../dashboard/paths";
import { useBoard } from "../dashboard/useBoard";
import { identity } from "../identity/identity";
import { UserMenu } from "../identity/UserMenu";
import { testIds } from "../testIds";
import { Avatar } from "../ui/Avatar";
import { announce } from "../ui/announce";
import type { Person } from "./people";
import { usePeople } from "./usePeople";

/** Oneself included; the rest is a number. */
const SHOWN_MAX = 5;
/** In a crowd nobody wants to hear of each arrival. */
const SPOKEN_UP_TO = 5;

export function People() {
  const people = usePeople();
  const { user } = useSelf();
  useOthersListener(({ type, user: other }) => {
    if (people.length <= SPOKEN_UP_TO) announce(`${other.name} ${type === "join" ? "joined" : "left"}`);
  });
  const shown = people.slice(0, SHOWN_MAX - 1);
  const hidden = people.slice(SHOWN_MAX - 1);
  const name = user.name || identity().name;
  return (
    <ul className={styles.people} aria-label="People here">
      {shown.map((person) => (
        <PersonDisc key={person.id} person={person} />
      ))}
      {hidden.length > 0 && (
        <Tooltip label={hidden.map((person) => person.name).join(", ")}>
          <li className={`${styles.more} num`}>+{hidden.length}</li>
        </Tooltip>
      )}
      <li data-testid={testIds.avatar} data-user={name} data-self="true">
        <UserMenu>
          <Avatar name={name} color={user.color || "var(--self)"} />
        </UserMenu>
      </li>
    </ul>
  );
}

function PersonDisc({ person }: { readonly person: Person }) {
  const { byItem } = useBoard();
  const lease = useLeases().find(({ user }) => user.id === person.id);
  const edited = lease && byItem.get(itemOfPath(lease.path));
  const doing = edited ? ` · editing ${nameOf(edited)}` : person.away ? " · away" : "";
  return (
    <Tooltip label={`${person.name}${doing}`}>
      <li data-testid={testIds.avatar} data-user={person.name}>
        <Avatar name={person.name} color={person.color} away={person.away} />
        <span className="visually-hidden">
          {person.name}
          {doing}
        </span>
      </li>
    </Tooltip>
  );
}
