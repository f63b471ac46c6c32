/** Who else has the widget open, where in it they are, and asking one of them to go on. */
import type { ForeignDraft, Participant, WidgetSession } from "@coboard/client";
import { Hand } from "lucide-react";
import { testIds } from "../testIds";
import { Avatar } from "../ui/Avatar";
import { announce } from "../ui/announce";
import { IconButton } from "../ui/IconButton";
import styles from "./editor.module.css";
import { fieldWord } from "./fieldWord";

export interface ParticipantsProps {
  readonly participants: readonly Participant[];
  readonly drafts: readonly ForeignDraft[];
  readonly session: WidgetSession;
}

export default function Participants({ participants, drafts, session }: ParticipantsProps) {
  return (
    <ul className={styles.participants} aria-label="Also in this editor">
      {participants.map(({ user, field, activity }) => {
        const draft = drafts.find((one) => one.user.id === user.id);
        const where = [
          field === null ? "" : fieldWord(field),
          draft ? (draft.values ? "tries something" : "tries something too large to be shown") : "",
          activity === "idle" ? "idle" : "",
        ].filter(Boolean);
        return (
          <li key={user.id} className={styles.participant} data-testid={testIds.participant(user.name)}>
            <Avatar small name={user.name} color={user.color} away={activity === "idle"} />
            <span className={styles.participantName}>
              <strong>{user.name}</strong>
              {where.length > 0 && <span> · {where.join(" · ")}</span>}
            </span>
            <IconButton
              small
              label={`Ask ${user.name} to go on here`}
              icon={<Hand size={14} />}
              onClick={() => {
                session.handOff(user.id);
                announce(`${user.name} is asked to go on here`);
              }}
              data-testid={testIds.handOff}
            />
          </li>
        );
      })}
    </ul>
  );
}
