/** Who else has selected a widget: a ring in their colour with their name, and a chip while they edit it. */
import type { ItemId } from "@coboard/client";
import { useSelection } from "@coboard/react";
import { testIds } from "../testIds";
import { Avatar } from "../ui/Avatar";
import styles from "./presence.module.css";
import { useEditors } from "./usePeople";

/** Who came last is named; more would cover the next widget. */
const TAGS_MAX = 3;

export function SelectionRing({ item }: { readonly item: ItemId }) {
  const { users } = useSelection(item);
  const editors = useEditors(item);
  const last = users[users.length - 1];
  return (
    <>
      {last && (
        <div
          aria-hidden="true"
          data-testid={testIds.ring(item)}
          data-users={users.map((user) => user.name).join(",")}
        >
          <div className={styles.ring} style={{ borderColor: last.color }} />
          <div className={styles.tag}>
            {users.length > TAGS_MAX && <span className={styles.earlier}>+{users.length - TAGS_MAX}</span>}
            {users.slice(-TAGS_MAX).map((user) => (
              <span key={user.id} style={{ background: user.color }}>
                {user.name}
              </span>
            ))}
          </div>
        </div>
      )}
      {editors[0] && (
        <div className={styles.chip}>
          <Avatar small name={editors[0].name} color={editors[0].color} />
          {editors.length === 1 ? `${editors[0].name} is editing` : `${editors.length} people are editing`}
        </div>
      )}
    </>
  );
}
