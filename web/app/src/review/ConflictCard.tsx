/** One widget in the review: a row for each field, theirs on the left, mine on the right, what stands is marked. */
import { useConflicts, useDocumentHandle } from "@coboard/react";
import { useId, useState } from "react";
import { nameOf } from "../dashboard/model";
import { useBoard } from "../dashboard/useBoard";
import { testIds } from "../testIds";
import { Button } from "../ui/Button";
import { ago } from "../ui/time";
import { useNow } from "../ui/useNow";
import { draftOf, useDraft } from "../view/drafts";
import { difference, isGone, type ReviewCard, type ReviewRow } from "./cards";
import styles from "./review.module.css";

const LOOK_EVERY_MS = 10_000;
/** Longer texts are edited in more lines. */
const ONE_LINE_MAX = 40;

export function ConflictCard({ card }: { readonly card: ReviewCard }) {
  const { byItem, title } = useBoard();
  const { resolve } = useConflicts();
  const id = useId();
  const now = useNow(LOOK_EVERY_MS);
  const node = byItem.get(card.subject);
  const name = node ? nameOf(node) : (card.title ?? (card.subject === "0" ? title : "a removed widget"));
  const who = card.authors.length > 0 ? card.authors.join(", ") : "somebody else";
  const all = (take: "theirs" | "mine") =>
    resolve(
      card.rows.filter((row) => row.choices[take]).flatMap((row) => row.conflicts.map((one) => one.id)),
      { take },
    );
  return (
    <article className={styles.card} aria-labelledby={id} data-testid={testIds.conflict(card.subject)}>
      <header className={styles.cardHead}>
        <h4 id={id} className={styles.cardTitle}>
          {name}
        </h4>
        <span className={styles.when}>
          with {who}, {ago(card.atMs, Math.max(now, card.atMs))}
        </span>
      </header>
      {card.rows.map((row) => (
        <Row key={row.key} row={row} who={who} />
      ))}
      {card.rows.length > 1 && (
        <div className={styles.cardFoot}>
          <Button onClick={() => all("theirs")}>All theirs</Button>
          <Button onClick={() => all("mine")}>All mine</Button>
        </div>
      )}
    </article>
  );
}

function Row({ row, who }: { readonly row: ReviewRow; readonly who: string }) {
  const { resolve } = useConflicts();
  const ids = row.conflicts.map(({ id }) => id);
  const draftName = `merge.${ids.join()}`;
  // What was being written when the page was loaded again is written on.
  const [editing, setEditing] = useState(() => draftOf(draftName) !== null);
  const gone = row.conflicts.some(isGone);
  const words = wordsOf(row.winner, gone);
  return (
    <div className={styles.row} data-field={row.label}>
      <div className={styles.rowHead}>
        <span className={styles.field}>{row.label}</span>
        {row.before !== null && row.before !== undefined && !gone && (
          <span className={styles.before}>was {row.before === "" ? "empty" : row.before}</span>
        )}
      </div>
      <div className={styles.sides}>
        <Side label={who} text={row.theirs} other={row.mine} stands={row.winner === "theirs"} />
        <Side label="You" text={row.mine} other={row.theirs} stands={row.winner === "mine"} />
      </div>
      {editing ? (
        <Merge
          row={row}
          draftName={draftName}
          onDone={(value) => {
            setEditing(false);
            if (value !== null) resolve(ids, { take: "value", value });
          }}
        />
      ) : (
        <div className={styles.choices}>
          {row.choices.theirs && (
            <Button
              look={row.winner === "theirs" ? "primary" : "outline"}
              aria-label={`${words.theirs}: ${row.label}`}
              onClick={() => resolve(ids, { take: "theirs" })}
            >
              {words.theirs}
            </Button>
          )}
          {row.choices.mine && (
            <Button
              look={row.winner === "mine" ? "primary" : "outline"}
              aria-label={`${words.mine}: ${row.label}`}
              onClick={() => resolve(ids, { take: "mine" })}
            >
              {words.mine}
            </Button>
          )}
          {row.choices.value && (
            <Button look="quiet" aria-label={`Edit…: ${row.label}`} onClick={() => setEditing(true)}>
              Edit…
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** What the two choices are called: what stands is kept. */
function wordsOf(winner: ReviewRow["winner"], gone: boolean): { theirs: string; mine: string } {
  if (gone) return { theirs: "Leave it removed", mine: "Bring it back with mine" };
  return winner === "theirs"
    ? { theirs: "Keep theirs", mine: "Use mine" }
    : { theirs: "Use theirs", mine: "Keep mine" };
}

interface SideProps {
  readonly label: string;
  readonly text: string | null | undefined;
  readonly other: string | null | undefined;
  readonly stands: boolean;
}

function Side({ label, text, other, stands }: SideProps) {
  return (
    <div className={`${styles.side} ${stands ? styles.stands : ""}`}>
      <div className={styles.sideHead}>
        <span>{label}</span>
        {stands && <span className={styles.now}>now</span>}
      </div>
      <SideText text={text} other={other} />
    </div>
  );
}

function SideText({ text, other }: Pick<SideProps, "text" | "other">) {
  if (text === undefined) return <div className={styles.nothing}>nothing set</div>;
  if (text === null) return <div className={styles.nothing}>cannot be shown here</div>;
  if (text === "") return <div className={styles.nothing}>empty</div>;
  const [start, middle, end] = difference(text, other ?? "");
  return (
    <div className={`${styles.value} num`}>
      {start}
      {middle && <strong>{middle}</strong>}
      {end}
    </div>
  );
}

/** Theirs and mine as one, typed by hand. It begins with mine: theirs stands beside it. */
function Merge({
  row,
  draftName,
  onDone,
}: {
  readonly row: ReviewRow;
  readonly draftName: string;
  readonly onDone: (value: string | number | null) => void;
}) {
  const { read } = useDocumentHandle();
  const [conflict] = row.conflicts;
  const mine = conflict?.values.mine ?? (conflict?.path ? read(conflict.path) : "") ?? "";
  const [draft, setDraft, forgetDraft] = useDraft(draftName, String(mine));
  const isNumber = typeof mine === "number";
  const value = isNumber ? Number(draft.replace(",", ".")) : draft;
  const isWhole = !isNumber || (draft.trim() !== "" && Number.isFinite(value));
  const end = (result: string | number | null) => {
    forgetDraft();
    onDone(result);
  };
  const shared = {
    className: styles.merge,
    "aria-label": `Merged ${row.label.toLowerCase()}`,
    value: draft,
    autoFocus: true,
  };
  return (
    <form
      className={styles.mergeForm}
      onSubmit={(event) => {
        event.preventDefault();
        if (isWhole) end(value);
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        end(null);
      }}
    >
      {isNumber || draft.length < ONE_LINE_MAX ? (
        <input
          {...shared}
          inputMode={isNumber ? "decimal" : "text"}
          onChange={(event) => setDraft(event.currentTarget.value)}
        />
      ) : (
        <textarea {...shared} rows={4} onChange={(event) => setDraft(event.currentTarget.value)} />
      )}
      <div className={styles.choices}>
        <Button look="primary" type="submit" disabled={!isWhole}>
          Use this
        </Button>
        <Button look="quiet" onClick={() => end(null)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
