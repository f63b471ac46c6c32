/** What can be chosen in the palette. */
import { testIds } from "../testIds";

export interface Command {
  readonly id: string;
  readonly label: string;
  /** Shown at the right: a key that does the same. */
  readonly keys?: string;
  readonly run: () => void;
}

/** Does what a button of the page does, from where the button is: what it opens gives the focus back to it. */
export function pressed(testId: string): (() => void) | null {
  const button = document.querySelector<HTMLButtonElement>(`button[data-testid="${testId}"]`);
  if (!button || button.disabled) return null;
  return () => {
    button.focus();
    button.click();
  };
}

/** Commands of buttons: none of one that is not there, or that cannot be pressed. */
export function ofButtons(
  rows: readonly (readonly [label: string, testId: string, keys?: string])[],
): Command[] {
  return rows.flatMap(([label, testId, keys]) => {
    const run = pressed(testId);
    return run ? [{ id: testId, label, run, ...(keys ? { keys } : {}) }] : [];
  });
}

/** The same on every page. */
export const EVERYWHERE = [
  ["Theme…", testIds.theme],
  ["You: your devices, your name…", testIds.userMenu],
] as const;

/** All words in any order. */
export function matching(commands: readonly Command[], text: string): readonly Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
}
