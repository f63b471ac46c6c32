/** Asks before one is somebody else on this device: an address may come from anywhere. */
import { useDevice } from "@coboard/react";
import { useState } from "react";
import { testIds } from "../testIds";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import styles from "../ui/Dialog.module.css";
import { become, forgetLink, type Identity, identity } from "./identity";

export default function BecomeDialog({ person }: { readonly person: Identity }) {
  const [opened, setOpened] = useState(true);
  const { documents } = useDevice();
  const waiting = documents.reduce((sum, { pendingCount }) => sum + pendingCount, 0);
  const own = identity().name;
  const stay = () => {
    forgetLink();
    setOpened(false);
  };
  if (!opened) return null;
  return (
    <Dialog title={`Continue as ${person.name}?`} onClose={stay}>
      <div className={styles.text} data-testid={testIds.become}>
        This address opens Coboard as {person.name}, for whoever they give it to. On this device you have been{" "}
        {own}.
        {waiting > 0 && (
          <>
            {" "}
            <strong>
              {waiting === 1 ? "One change" : `${waiting} changes`} made as {own}{" "}
              {waiting === 1 ? "is" : "are"} not sent yet, and only {own} can send{" "}
              {waiting === 1 ? "it" : "them"}.
            </strong>
          </>
        )}
      </div>
      <div className={styles.actions}>
        <Button onClick={stay} data-autofocus>
          Stay {own}
        </Button>
        <Button look="primary" onClick={() => become(person)}>
          Continue as {person.name}
        </Button>
      </div>
    </Dialog>
  );
}
