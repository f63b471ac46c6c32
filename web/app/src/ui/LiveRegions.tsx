/** The two live regions of the application: polite for status, assertive for risk of losing work. */
import { useEffect, useState } from "react";
import { testIds } from "../testIds";
import { listenToAnnouncements } from "./announce";

/** What was said last stays a while: two sentences at once are both read. */
const KEPT_MAX = 3;

interface Line {
  readonly key: number;
  readonly text: string;
}

const appended = (lines: readonly Line[], text: string): readonly Line[] => [
  ...lines.slice(1 - KEPT_MAX),
  { key: (lines[lines.length - 1]?.key ?? 0) + 1, text },
];

export function LiveRegions() {
  const [polite, setPolite] = useState<readonly Line[]>([]);
  const [assertive, setAssertive] = useState<readonly Line[]>([]);
  useEffect(
    () =>
      listenToAnnouncements((level, text) => {
        const set = level === "polite" ? setPolite : setAssertive;
        set((lines) => appended(lines, text));
      }),
    [],
  );
  return (
    <>
      <Region role="status" lines={polite} testId={testIds.said} />
      <Region role="alert" lines={assertive} testId={testIds.alarm} />
    </>
  );
}

interface RegionProps {
  readonly role: "status" | "alert";
  readonly lines: readonly Line[];
  readonly testId: string;
}

/** Not atomic: only what is new is read. */
function Region({ role, lines, testId }: RegionProps) {
  const live = role === "alert" ? "assertive" : "polite";
  return (
    <div className="visually-hidden" role={role} aria-live={live} aria-atomic="false" data-testid={testId}>
      {lines.map(({ key, text }) => (
        <p key={key}>{text}</p>
      ))}
    </div>
  );
}
