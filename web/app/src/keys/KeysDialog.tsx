/** All keys, in groups. Loaded when it is first opened. */
import { Dialog } from "../ui/Dialog";
import type { OpenedProps } from "./CommandKeys";
import styles from "./keys.module.css";

/** The keys here are those of `useKeys`, `CommandKeys`, `WidgetFrame`, `useRoving`, `useMoveMode`, `SidePanel`. */
const GROUPS = [
  {
    name: "Anywhere",
    keys: [
      ["Ctrl+K", "commands"],
      ["/", "commands; on the list of dashboards the search"],
      ["?", "this list"],
      ["Tab, Shift+Tab", "to the next part of the page, or back"],
      ["Esc", "closes what is open, and the focus goes back"],
    ],
  },
  {
    name: "Dashboard",
    keys: [
      ["Ctrl+Z", "undo what you did"],
      ["Ctrl+Shift+Z, Ctrl+Y", "redo"],
      ["Arrows", "from widget to widget, as one reads"],
      ["Home, End", "the first, the last widget"],
    ],
  },
  {
    name: "At a widget",
    keys: [
      ["Enter", "its menu"],
      ["E", "edit"],
      ["F2", "rename"],
      ["D", "duplicate"],
      ["T", "its data as a table"],
      ["M", "move and resize with the arrows"],
      ["Delete", "remove"],
    ],
  },
  {
    name: "While moving",
    keys: [
      ["Arrows", "by one cell"],
      ["Shift+arrows", "larger or smaller"],
      ["Enter", "keep"],
      ["Esc", "as it was"],
    ],
  },
  {
    name: "In the editor",
    keys: [
      ["Tab", "to the next field; out of a long text as well"],
      ["Esc", "out of a long text, then to the widget"],
    ],
  },
] as const;

export default function KeysDialog({ onClose }: OpenedProps) {
  return (
    <Dialog title="Keys" size={640} cross onClose={onClose}>
      <div className={styles.groups}>
        {GROUPS.map(({ name, keys }) => (
          <section key={name} aria-label={name}>
            <h3 className={styles.group}>{name}</h3>
            <dl className={styles.keys}>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>
                    {key.split(", ").map((one) => (
                      <kbd key={one}>{one}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
