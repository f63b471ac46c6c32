/** What people did here, by day: to look at, to go there, and to see of one person or one widget alone. */
import type { ActivityEntry } from "@coboard/client";
import {
  ActivityFeed,
  useClient,
  useConnectionStatus,
  useDocumentHandle,
  useOthersMapped,
  useReadable,
} from "@coboard/react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { nameOf } from "../dashboard/model";
import { useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { Choice } from "../editor/Choice";
import { identity } from "../identity/identity";
import { testIds } from "../testIds";
import { Avatar } from "../ui/Avatar";
import { announce } from "../ui/announce";
import { SidePanel } from "../ui/SidePanel";
import { useNow } from "../ui/useNow";
import styles from "./activity.module.css";
import { isThere, jumpTo } from "./jump";

const MINUTE_MS = 60_000;
const ANYBODY = "";

export default function ActivityPanel() {
  const ui = useUiStore();
  const board = useBoard();
  const client = useClient();
  const top = useRef<HTMLDivElement>(null);
  const now = useNow(MINUTE_MS / 2);
  const [author, setAuthor] = useState(ANYBODY);
  const [item, setItem] = useState(ANYBODY);
  const connection = useConnectionStatus();
  const colorOf = useColors();
  const people = usePeopleSeen();
  const widgets = useMemo(
    () => [
      { value: ANYBODY, label: "Everything" },
      ...[...board.byItem.values()].map((node) => ({ value: node.item, label: nameOf(node) })),
    ],
    [board],
  );
  const filter = useMemo(
    () => ({ ...(author === ANYBODY ? {} : { author }), ...(item === ANYBODY ? {} : { item }) }),
    [author, item],
  );
  useEffect(() => top.current?.focus({ preventScroll: true }), []);
  const close = () => {
    ui.setState({ activity: false });
    document.querySelector<HTMLElement>(`[data-testid="${testIds.activityButton}"]`)?.focus();
  };
  return (
    <SidePanel
      id="activity"
      title="Activity"
      closeLabel="Close the activity"
      testId={testIds.activityPanel}
      content={top}
      onClose={close}
    >
      <div className={styles.filters}>
        <Choice
          label="Who"
          value={author}
          choices={people}
          onChoose={setAuthor}
          testId={testIds.activityWho}
        />
        <Choice
          label="What"
          value={item}
          choices={widgets}
          onChoose={setItem}
          testId={testIds.activityWhat}
        />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside take the keys */}
      <div onKeyDown={alongEntries}>
        <ActivityFeed
          className={styles.feed}
          filter={filter}
          nowMs={now}
          strings={{
            loading:
              connection.state === "connected"
                ? "Loading…"
                : "The server does not answer. What was done comes as soon as it is back.",
            empty: author || item ? "Nothing like that was done here." : "Nothing was done here yet.",
          }}
          canSelect={(entry) => isThere(board, entry.item)}
          onSelect={({ item: chosen }) => {
            if (!isThere(board, chosen)) return;
            jumpTo(ui, board, chosen);
            const node = board.byItem.get(chosen);
            if (node) announce(`${nameOf(node)} selected`);
          }}
          onRetry={() => client.reconnect()}
          renderActor={(entry) => <Avatar small name={entry.name} color={colorOf(entry)} />}
        />
      </div>
    </SidePanel>
  );
}

/** The arrows lead from entry to entry. */
function alongEntries(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
  const next = all[all.indexOf(event.target as HTMLElement) + step];
  if (step === 0 || !next) return;
  event.preventDefault();
  next.focus();
}

/** The colour of whoever is here; others have none at the moment. */
function useColors(): (entry: ActivityEntry) => string {
  const colors = new Map(useOthersMapped(({ user }) => user.color));
  const { presence } = useDocumentHandle();
  return ({ actor, own }) => {
    if (own) return presence.self.current.user.color || "var(--self)";
    return colors.get(actor) ?? "var(--person-absent)";
  };
}

/** Everybody who did something lately, by name; oneself first. */
function usePeopleSeen(): { value: string; label: string }[] {
  const recent = useReadable(useDocumentHandle().activity.recent);
  return useMemo(() => {
    const known = recent.status === "ready" ? recent.value : [];
    const names = new Map(known.filter(({ own }) => !own).map(({ actor, name }) => [actor, name]));
    const others = [...names].map(([value, label]) => ({ value, label }));
    others.sort((a, b) => a.label.localeCompare(b.label));
    return [{ value: ANYBODY, label: "Everybody" }, { value: identity().id, label: "You" }, ...others];
  }, [recent]);
}
