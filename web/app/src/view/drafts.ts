/** Text that somebody has begun to write in a form: it is still there after a reload. Kept on this device alone. */
import { useCallback, useEffect, useRef, useState } from "react";
import { identity } from "../identity/identity";
import { readStored, storedKeys, writeStored } from "./stored";

/** The newest so many are kept. */
const DRAFTS_MAX = 20;
const DRAFT_LENGTH_MAX = 64 * 1024;
const WRITE_AFTER_MS = 300;

interface Stored {
  readonly text: string;
  readonly atMs: number;
}

/** What was written under this name and neither used nor given up. */
export function draftOf(name: string): string | null {
  return storedAt(keyOf(name))?.text ?? null;
}

export function keepDraft(name: string, text: string | null, atMs = Date.now()): void {
  const fits = text !== null && text.length <= DRAFT_LENGTH_MAX;
  writeStored("device", keyOf(name), fits ? { text, atMs } : null);
  if (fits) prune();
}

/** A text that begins with `initial`, or with what was written before. The third forgets it. */
export function useDraft(name: string, initial: string): [string, (text: string) => void, () => void] {
  const [text, setText] = useState(() => draftOf(name) ?? initial);
  const unwritten = useRef<string | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const write = useCallback(() => {
    clearTimeout(timer.current);
    if (unwritten.current !== null) keepDraft(name, unwritten.current);
    unwritten.current = null;
  }, [name]);
  const change = useCallback(
    (next: string) => {
      setText(next);
      unwritten.current = next;
      clearTimeout(timer.current);
      timer.current = setTimeout(write, WRITE_AFTER_MS);
    },
    [write],
  );
  const forget = useCallback(() => {
    clearTimeout(timer.current);
    unwritten.current = null;
    keepDraft(name, null);
  }, [name]);
  useEffect(() => {
    window.addEventListener("pagehide", write);
    return () => {
      window.removeEventListener("pagehide", write);
      write();
    };
  }, [write]);
  return [text, change, forget];
}

const prefix = () => `coboard-draft.${identity().id}.`;
const keyOf = (name: string) => prefix() + name;

function storedAt(key: string): Stored | null {
  const value = readStored("device", key) as Partial<Stored> | null;
  return typeof value?.text === "string" && typeof value.atMs === "number" ? (value as Stored) : null;
}

function prune(): void {
  const own = storedKeys("device", prefix());
  const newestFirst = own
    .map((key) => ({ key, atMs: storedAt(key)?.atMs ?? 0 }))
    .sort((a, b) => b.atMs - a.atMs);
  for (const { key } of newestFirst.slice(DRAFTS_MAX)) writeStored("device", key, null);
}
