/** The two live regions of the application: polite for status, assertive for risk of losing work. */
import { useEffect, useState } from "react";
import { listenToAnnouncements } from "./announce";

export function LiveRegions() {
  const [polite, setPolite] = useState("");
  const [assertive, setAssertive] = useState("");
  useEffect(
    () => listenToAnnouncements((level, text) => (level === "polite" ? setPolite(text) : setAssertive(text))),
    [],
  );
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite">
        {polite}
      </div>
      <div className="visually-hidden" role="alert" aria-live="assertive">
        {assertive}
      </div>
    </>
  );
}
