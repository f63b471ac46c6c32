/** Who is here, as a row of discs without a style of their own. */
import type { Peer, User } from "@coboard/client";
import type { CSSProperties, ReactNode } from "react";
import { useHandle } from "./context.js";
import { shallowEqual } from "./shallowEqual.js";
import { useAudience } from "./useAudience.js";
import { useOthersMapped } from "./useOthersMapped.js";
import { useSelected } from "./useSelected.js";

/** Somebody in the stack. @public */
export interface StackPerson extends User {
  activity: Peer["activity"];
  /** What they sit at, if they say it. */
  device: string | null;
}

/** What one sees of who is here. @public */
export interface PeopleStack {
  shown: readonly StackPerson[];
  /** Who does not fit. */
  hidden: readonly StackPerson[];
  self: StackPerson;
  /** What else one has this Document open on; null where nowhere. */
  elsewhere: { device: string | null } | null;
}

/** Oneself included. */
const MAX = 5;

/**
 * Who is here, one entry for each person, oneself apart: other tabs and devices of one's own are oneself.
 *
 * @example
 * const { shown, hidden, self } = usePeopleStack();
 * @public
 */
export function usePeopleStack(max: number = MAX): PeopleStack {
  const { presence } = useHandle();
  const all = useOthersMapped(personOf, shallowEqual).map(([, person]) => person);
  const self = useSelected(presence.self, personOf, shallowEqual);
  const others = all.filter(({ id }) => id !== self.id);
  const own = all.find(({ id }) => id === self.id);
  return {
    shown: others.slice(0, max - 1),
    hidden: others.slice(max - 1),
    self,
    elsewhere: own ? { device: own.device } : null,
  };
}

function personOf({ user, activity, presence }: Peer): StackPerson {
  const { id, name, color } = user;
  return { id, name, color, activity, device: presence.device ?? null };
}

/** Words of {@link AvatarStack}. @public */
export interface AvatarStackStrings {
  label: string;
  you: (name: string) => string;
  away: (name: string) => string;
  more: (names: readonly string[]) => string;
  /** Of a large room: who is counted and not listed. */
  viewers: (count: number) => string;
}

const STRINGS: AvatarStackStrings = {
  label: "People here",
  you: (name) => `${name}, you`,
  away: (name) => `${name}, away`,
  more: (names) => `and ${names.join(", ")}`,
  viewers: (count) => `+${count} viewers`,
};

/** Properties of {@link AvatarStack}. @public */
export interface AvatarStackProps {
  /** How many discs at most, oneself included: 5. */
  max?: number;
  className?: string;
  strings?: Partial<AvatarStackStrings>;
  /** What stands for somebody; initials without it. */
  person?: (person: StackPerson, isSelf: boolean) => ReactNode;
  /** What stands for those who do not fit; "+n" without it. */
  more?: (hidden: readonly StackPerson[]) => ReactNode;
}

/**
 * Who is here: at most five discs, oneself last, a number for the others, and of a large room how many more look on.
 * Each item has `--coboard-color`, and `data-activity` says whether they are `active`, `idle` or `away`.
 *
 * @example
 * <AvatarStack strings={{ label: "Wer da ist" }} />
 * @public
 */
export function AvatarStack(props: AvatarStackProps): ReactNode {
  const { max, className, strings, person, more } = props;
  const { editors, viewers, listed } = useAudience();
  const unlisted = editors + viewers - listed;
  const { shown, hidden, self } = usePeopleStack(max);
  const words = { ...STRINGS, ...strings };
  const item = (one: StackPerson, isSelf: boolean) => (
    <li
      key={one.id || "self"}
      data-coboard="avatar"
      data-user={one.name}
      data-self={isSelf || undefined}
      data-activity={one.activity}
      style={{ "--coboard-color": one.color } as CSSProperties}
    >
      {person?.(one, isSelf) ?? <Initials name={one.name} label={labelOf(words, one, isSelf)} />}
    </li>
  );
  return (
    <ul className={className} aria-label={words.label}>
      {shown.map((one) => item(one, false))}
      {hidden.length > 0 && (
        <li data-coboard="avatar-more">
          {more?.(hidden) ?? (
            <Initials name={`+${hidden.length}`} label={words.more(hidden.map((one) => one.name))} />
          )}
        </li>
      )}
      {unlisted > 0 && <li data-coboard="avatar-viewers">{words.viewers(unlisted)}</li>}
      {item(self, true)}
    </ul>
  );
}

function labelOf(words: AvatarStackStrings, { name, activity }: StackPerson, isSelf: boolean): string {
  if (isSelf) return words.you(name);
  return activity === "active" ? name : words.away(name);
}

function Initials({ name, label }: { readonly name: string; readonly label: string }) {
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0] ?? "")
    .slice(0, 2)
    .join("");
  return (
    <span role="img" aria-label={label} title={label}>
      {name.startsWith("+") ? name : initials.toUpperCase()}
    </span>
  );
}
