/** Commands by name: one types a part of it, arrows choose, Enter does it. */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { Dialog } from "../ui/Dialog";
import { useFocusBack } from "../ui/focus";
import { type Command, matching } from "./commands";
import styles from "./keys.module.css";

interface PaletteProps {
  readonly commands: readonly Command[];
  readonly onClose: () => void;
}

export function Palette({ commands, onClose }: PaletteProps) {
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const back = useFocusBack();
  const found = matching(commands, text);
  const chosen = found[at];

  useEffect(() => {
    if (text !== "") announce(found.length === 1 ? "1 command" : `${found.length} commands`);
  }, [text, found.length]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen one is kept in sight
  useEffect(() => {
    list.current?.querySelector("[aria-selected='true']")?.scrollIntoView({ block: "nearest" });
  }, [at, text]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    flushSync(onClose);
    back();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: (at + 1) % found.length,
      ArrowUp: (at + found.length - 1) % found.length,
      Home: 0,
      End: found.length - 1,
    };
    const next = steps[event.key];
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") run(chosen);
    else if (next !== undefined && found.length > 0) setAt(next);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Commands" size={520} onClose={onClose}>
      <input
        className={styles.input}
        role="combobox"
        aria-label="Find a command"
        aria-expanded="true"
        aria-controls={`${id}list`}
        aria-autocomplete="list"
        aria-activedescendant={chosen && `${id}${chosen.id}`}
        placeholder="What do you want to do?"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        data-autofocus
        data-testid={testIds.palette}
      />
      {found.length === 0 && <p className={styles.none}>Nothing is called like that.</p>}
      <div ref={list} id={`${id}list`} className={styles.list} role="listbox" aria-label="Commands">
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={command.id}
            id={`${id}${command.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={styles.option}
            onPointerMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <span>{command.label}</span>
            {command.keys && <kbd>{command.keys}</kbd>}
          </div>
        ))}
      </div>
    </Dialog>
  );
}
