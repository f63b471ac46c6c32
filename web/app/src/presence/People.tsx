/** Who is here: discs with initials, oneself last; each opens a card that says what they do. */
import { AvatarStack, type StackPerson, useOthersListener, usePeopleStack } from "@coboard/react";
import { Popover } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { lazy, type ReactNode, Suspense, useRef, useState } from "react";
import styles from "../dashboard/page.module.css";
import { identity } from "../identity/identity";
import { initialsOf } from "../identity/names";
import { UserMenu } from "../identity/UserMenu";
import { testIds } from "../testIds";
import { Avatar } from "../ui/Avatar";
import { news } from "../ui/announce";
import { useDoing } from "./usePeople";

const PersonCard = lazy(() => import("./PersonCard"));
const OwnItems = lazy(() => import("./OwnItems"));

/** In a crowd nobody wants to hear of each arrival. */
const SPOKEN_UP_TO = 5;
/** Where there is little room, the title needs it more: discs at most, oneself included. */
const NARROW = "(max-width: 767px)";
const DISCS_NARROW = 2;
/** A pointer on its way elsewhere opens nothing. */
const OPEN_AFTER_MS = 250;
const CLOSE_AFTER_MS = 200;

export function People() {
  const max = useMediaQuery(NARROW) ? DISCS_NARROW : undefined;
  const { shown, hidden, elsewhere } = usePeopleStack(max);
  useOthersListener(({ type, user: other }) => {
    if (shown.length + hidden.length <= SPOKEN_UP_TO) news.move(other.id, other.name, type === "join");
  });
  const also = elsewhere ? `also ${elsewhere.device ? `on ${elsewhere.device}` : "elsewhere"}` : null;
  return (
    <AvatarStack
      className={styles.people}
      {...(max === undefined ? {} : { max })}
      person={(person, isSelf) => (isSelf ? <Self person={person} also={also} /> : <Disc person={person} />)}
      more={(people) => <More people={people} />}
    />
  );
}

function Self({ person, also }: { readonly person: StackPerson; readonly also: string | null }) {
  const name = person.name || identity().name;
  return (
    <span data-testid={testIds.avatar} data-user={name} data-self="true">
      <UserMenu also={also} items={<OwnItems />}>
        <Avatar name={name} color={person.id ? person.color : "var(--self)"} />
      </UserMenu>
    </span>
  );
}

function Disc({ person }: { readonly person: StackPerson }) {
  const doing = useDoing(person);
  return (
    <Card
      label={[initialsOf(person.name), person.name, ...doing].join(", ")}
      user={person.name}
      disc={<Avatar name={person.name} color={person.color} away={person.activity !== "active"} />}
    >
      {(close) => <PersonCard people={[person]} onDone={close} />}
    </Card>
  );
}

function More({ people }: { readonly people: readonly StackPerson[] }) {
  return (
    <Card
      label={`+${people.length}: ${people.map(({ name }) => name).join(", ")}`}
      disc={<span className={`${styles.more} num`}>+{people.length}</span>}
    >
      {(close) => <PersonCard people={people} onDone={close} />}
    </Card>
  );
}

interface CardProps {
  readonly label: string;
  readonly user?: string;
  readonly disc: ReactNode;
  readonly children: (close: () => void) => ReactNode;
}

/** Opens at hover, at focus and at a tap; Tab leads from the disc into its card. */
function Card({ label, user, disc, children }: CardProps) {
  const [opened, setOpened] = useState(false);
  /** The focus that comes back from a card that was closed does not open it. */
  const escaped = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const soon = (open: boolean) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpened(open), open ? OPEN_AFTER_MS : CLOSE_AFTER_MS);
  };
  const now = (open: boolean) => {
    clearTimeout(timer.current);
    setOpened(open);
  };
  return (
    <Popover
      opened={opened}
      onChange={now}
      closeOnEscape={false}
      position="bottom-end"
      width={240}
      withinPortal={false}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same with keys */}
      <span
        onPointerEnter={(event) => event.pointerType !== "touch" && soon(true)}
        onPointerLeave={(event) => event.pointerType !== "touch" && soon(false)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !opened) return;
          event.stopPropagation();
          now(false);
          escaped.current = true;
          event.currentTarget.querySelector("button")?.focus();
          escaped.current = false;
        }}
        onBlur={({ currentTarget, relatedTarget }) => currentTarget.contains(relatedTarget) || now(false)}
      >
        <Popover.Target>
          <button
            type="button"
            className={styles.disc}
            aria-label={label}
            onFocus={({ currentTarget }) =>
              currentTarget.matches(":focus-visible") && !escaped.current && now(true)
            }
            onClick={() => now(true)}
            {...(user === undefined ? {} : { "data-testid": testIds.avatar, "data-user": user })}
          >
            {disc}
          </button>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          <Suspense fallback={null}>{opened && children(() => now(false))}</Suspense>
        </Popover.Dropdown>
      </span>
    </Popover>
  );
}
