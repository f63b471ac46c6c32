/** All that somebody who helps wants to know: states and numbers, no content and no names of people. */
import type {
  ConnectionStatus,
  DeviceStatus,
  DocumentId,
  QueueEntry,
  RefusedEntry,
  ServerLimits,
  SyncStatus,
} from "@coboard/client";
import { announce } from "../ui/announce";
import { downloadJson } from "../ui/download";
import type { Problem } from "./useLastProblem";

/** The oldest entries of a list; the rest is a number. */
const ENTRIES_MAX = 20;

export interface DiagnosticsSources {
  readonly document: DocumentId;
  readonly client: string;
  readonly connection: ConnectionStatus;
  readonly limits: ServerLimits | null;
  readonly sync: SyncStatus;
  readonly device: DeviceStatus;
  readonly waiting: readonly QueueEntry[];
  readonly refused: readonly RefusedEntry[];
  readonly discarded: readonly RefusedEntry[];
  readonly lastProblem: Problem | null;
}

export function diagnosticsOf({ waiting, refused, discarded, ...facts }: DiagnosticsSources): object {
  return {
    at: new Date().toISOString(),
    page: location.href,
    browser: navigator.userAgent,
    online: navigator.onLine,
    ...facts,
    waiting: { count: waiting.length, oldest: waiting.slice(0, ENTRIES_MAX) },
    refused: { count: refused.length, oldest: refused.slice(0, ENTRIES_MAX).map(reasonOf) },
    discarded: { count: discarded.length },
  };
}

function reasonOf({ id, label, error, refusedAtMs }: RefusedEntry) {
  return { id, label, code: error.code, message: error.message, refusedAtMs };
}

/** Puts them on the clipboard; where the browser allows none, into a file. Gives which it was. */
export async function takeDiagnostics(facts: object): Promise<"copied" | "saved"> {
  try {
    await navigator.clipboard.writeText(JSON.stringify(facts, null, 2));
  } catch {
    downloadJson("diagnostics", facts);
    return "saved";
  }
  announce("Diagnostics copied");
  return "copied";
}
