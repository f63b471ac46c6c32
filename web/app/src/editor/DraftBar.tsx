/** Says that the fields write into a draft, and ends it. */
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import styles from "./editor.module.css";
import { fieldWord } from "./fieldWord";
import type { DraftState } from "./useDraft";

export default function DraftBar({ draft, name }: { readonly draft: DraftState; readonly name: string }) {
  const { differences, publish, discard } = draft;
  const count = differences.length;
  const overtaken = differences.filter(({ changed }) => changed).map(({ path }) => fieldWord(path));
  return (
    <section className={styles.draft} aria-label="Draft" data-testid={testIds.draftBar}>
      <p>
        <strong>Draft.</strong>{" "}
        {count === 0
          ? "What you change now is seen by those in this editor alone."
          : `${count} ${count === 1 ? "change" : "changes"}: ${differences.map(({ path }) => fieldWord(path)).join(", ")}.`}
        {overtaken.length > 0 &&
          ` Somebody has changed ${overtaken.join(", ")} meanwhile; publishing replaces it.`}
      </p>
      <div className={styles.draftActions}>
        <Button
          look="quiet"
          onClick={() => {
            discard();
            announce("Draft discarded");
          }}
          data-testid={testIds.draftDiscard}
        >
          {count === 0 ? "Cancel" : "Discard"}
        </Button>
        <Button
          look="primary"
          disabled={count === 0}
          onClick={() => {
            publish(`publish a draft of ${name}`);
            announce("Draft published");
          }}
          data-testid={testIds.draftPublish}
        >
          Publish
        </Button>
      </div>
    </section>
  );
}
