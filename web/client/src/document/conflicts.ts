/** Conflicts as the core tells them become those of the API. */
import type { Conflict } from "../api/conflicts.js";
import type { ConflictsNote } from "../core/boundary.js";
import { parsePath } from "./path.js";

/** What one own operation met. @internal */
export function conflictsOf({ id, revision, conflicts }: ConflictsNote): Conflict[] {
  return conflicts.map(({ cell, item, policy, operations, ...rest }, index) => ({
    ...rest,
    id: `${revision}.${index}`,
    item: item ?? parsePath(cell ?? "")?.item ?? "",
    path: cell ?? null,
    policy: policy ?? "lww",
    operation: id,
    revision,
    theirOperation: operations?.[1] ?? null,
  }));
}
