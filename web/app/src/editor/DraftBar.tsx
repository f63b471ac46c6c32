/** Says that the fields write into a draft, and ends it. */
import type { Difference } from "@coboard/client";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import styles from "./editor.module.css";
import { fieldWord } from "./fieldWord";
import type { DraftState } from "./useDraft";

export default function DraftBar({ draft, name }: { readonly draft: DraftState; readonly name: string }) {
  const { differences, publish, discard } = draft;
  const count = differences.length;
  const overtaken = wordsOf(differences.filter(({ changed, merged }) => changed && !merged));
  const beside = wordsOf(differences.filter(({ merged }) => merged));
  return (
    <section className={styles.draft} aria-label="Draft" data-testid={testIds.draftBar}>
      <p>
        <strong>Draft.</strong>{" "}
        {count === 0
          ? "What you change now is seen by those in this editor alone."
          : `${count} ${count === 1 ? "change" : "changes"}: ${wordsOf(differences)}.`}
        {overtaken !== "" && ` Somebody has changed ${overtaken} meanwhile; publishing replaces it.`}
        {beside !== "" && ` Somebody has typed elsewhere in ${beside} meanwhile; publishing keeps it.`}
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

function wordsOf(differences: readonly Difference[]): string {
  return differences.map(({ path }) => fieldWord(path)).join(", ");
}
