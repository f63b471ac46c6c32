/** Whom one follows, who follows oneself, and who offers to be followed. Loaded when there is something of it. */
import type { User } from "@coboard/client";
import { useFollow, usePresenters } from "@coboard/react";
import { Eye, Presentation, X } from "lucide-react";
import { type CSSProperties, type ReactNode, type RefObject, useEffect, useState } from "react";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import styles from "./follow.module.css";
import { useFollowing } from "./useFollowing";

const colored = ({ color }: User) => ({ "--coboard-color": color }) as CSSProperties;

export interface FollowBarProps {
  readonly canvas: RefObject<HTMLElement | null>;
}

export default function FollowBar({ canvas }: FollowBarProps) {
  useFollowing(canvas);
  const { following, followers, follow, presenting, present } = useFollow();
  const offers = useOffers(following);
  const followed = followers.length > 2 ? `${followers.length} people follow you` : `${names(followers)} you`;
  useSaid(offers.waiting.map(({ name }) => `${name} is presenting. Join at the end of the page`).join(". "));
  useSaid(followers.length > 0 ? followed : "");
  useSaid(following ? `Following ${following.name}. Escape stops it` : "");
  return (
    <>
      {following && <div className={styles.frame} style={colored(following)} aria-hidden="true" />}
      <div className={styles.bar}>
        {offers.waiting.map((user) => (
          <Note key={user.id} icon={<Presentation size={14} />} user={user} testId={testIds.offer}>
            {user.name} is presenting
            <Button look="primary" onClick={() => follow(user.id)} data-testid={testIds.join}>
              Join
            </Button>
            <Button
              look="quiet"
              aria-label={`Do not join ${user.name}`}
              onClick={() => offers.dismiss(user.id)}
            >
              <X size={14} />
            </Button>
          </Note>
        ))}
        {presenting ? (
          <Note icon={<Presentation size={14} />} testId={testIds.followers}>
            You are presenting ·{" "}
            {followers.length === 0 ? "nobody follows yet" : `followed by ${followers.length}`}
            <Button look="quiet" onClick={() => present(false)} data-testid={testIds.stopPresenting}>
              Stop
            </Button>
          </Note>
        ) : (
          followers.length > 0 && (
            <Note icon={<Eye size={14} />} testId={testIds.followers}>
              {followed}
            </Note>
          )
        )}
        {following && (
          <Note icon={<Eye size={14} />} user={following} testId={testIds.following}>
            Following {following.name}
            <Button look="quiet" onClick={() => follow(null)} data-testid={testIds.stopFollowing}>
              Stop <kbd>Esc</kbd>
            </Button>
          </Note>
        )}
      </div>
    </>
  );
}

/** What comes on the screen is said; that it goes is not. */
function useSaid(text: string): void {
  useEffect(() => {
    if (text !== "") announce(text);
  }, [text]);
}

function names(users: readonly User[]): string {
  return `${users.map(({ name }) => name).join(" and ")} ${users.length === 1 ? "follows" : "follow"}`;
}

/** An offer stands until it is taken, put away, or over. */
function useOffers(following: User | null) {
  const presenters = usePresenters();
  const [dismissed, setDismissed] = useState<readonly string[]>([]);
  const gone = dismissed.filter((id) => !presenters.some((user) => user.id === id));
  if (gone.length > 0) setDismissed(dismissed.filter((id) => !gone.includes(id)));
  return {
    waiting: presenters.filter(({ id }) => id !== following?.id && !dismissed.includes(id)),
    dismiss: (id: string) => setDismissed((before) => [...before, id]),
  };
}

interface NoteProps {
  readonly icon: ReactNode;
  readonly user?: User;
  readonly testId: string;
  readonly children: ReactNode;
}

function Note({ icon, user, testId, children }: NoteProps) {
  return (
    <div
      className={`${styles.note} ${user ? styles.theirs : ""}`}
      style={user && colored(user)}
      data-testid={testId}
    >
      {icon}
      {children}
    </div>
  );
}
