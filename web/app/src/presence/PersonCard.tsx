/** What somebody does, and the way to their view. Loaded when a card is first opened. */
import { type StackPerson, useFollow } from "@coboard/react";
import { Eye, EyeOff } from "lucide-react";
import { testIds } from "../testIds";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import styles from "./presence.module.css";
import { useDoing } from "./usePeople";

export interface PersonCardProps {
  readonly people: readonly StackPerson[];
  readonly onDone: () => void;
}

export default function PersonCard({ people, onDone }: PersonCardProps) {
  return (
    <ul className={styles.cards} data-testid={testIds.personCard}>
      {people.map((person) => (
        <Person key={person.id} person={person} onDone={onDone} />
      ))}
    </ul>
  );
}

function Person({ person, onDone }: { readonly person: StackPerson; readonly onDone: () => void }) {
  const { following, follow } = useFollow();
  const doing = useDoing(person);
  const follows = following?.id === person.id;
  return (
    <li className={styles.card}>
      <Avatar name={person.name} color={person.color} away={person.activity !== "active"} />
      <span className={styles.cardText}>
        <strong>{person.name}</strong>
        <span>{doing.join(" · ") || "looking at the dashboard"}</span>
      </span>
      <Button
        look="quiet"
        aria-label={`${follows ? "Stop following" : "Follow"} ${person.name}`}
        onClick={() => {
          follow(follows ? null : person.id);
          onDone();
        }}
        data-testid={testIds.follow}
      >
        {follows ? <EyeOff size={14} /> : <Eye size={14} />}
        {follows ? "Stop" : "Follow"}
      </Button>
    </li>
  );
}
