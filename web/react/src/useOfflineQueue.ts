/** Own operations of the joined Document that the server has not. */
import type { OperationId, QueueEntry, RefusedEntry, Submitted } from "@coboard/client";
import { useHandle } from "./context.js";
import { useReadable } from "./useReadable.js";

/** What waits, what was refused and what was given up, and what can be done about it. @public */
export interface OfflineQueue {
  entries: readonly QueueEntry[];
  refused: readonly RefusedEntry[];
  discarded: readonly RefusedEntry[];
  discard(id: OperationId): void;
  dismiss(id: OperationId): void;
  retry(id: OperationId): Submitted | null;
  exportJson(): Promise<Blob>;
}

/**
 * The queue of the joined Document.
 *
 * @example
 * const { entries, refused, dismiss } = useOfflineQueue();
 * @public
 */
export function useOfflineQueue(): OfflineQueue {
  const { queue } = useHandle();
  const entries = useReadable(queue.entries);
  const refused = useReadable(queue.refused);
  const discarded = useReadable(queue.discarded);
  return {
    entries,
    refused,
    discarded,
    discard: (id) => queue.discard(id),
    dismiss: (id) => queue.dismiss(id),
    retry: (id) => queue.retry(id),
    exportJson: () => queue.exportJson(),
  };
}
