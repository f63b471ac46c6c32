/** The rules of the dashboard: read when somebody looks, written as a whole. */
import type { PathPolicy } from "@coboard/client";
import { useClient, useDocumentHandle } from "@coboard/react";
import { useCallback, useEffect, useState } from "react";

export type Policies =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly message: string }
  | { readonly state: "ready"; readonly rules: readonly PathPolicy[]; readonly problem: string | null };

export function usePolicies() {
  const { dashboards } = useClient();
  const { id } = useDocumentHandle();
  const [policies, setPolicies] = useState<Policies>({ state: "loading" });
  const load = useCallback(async () => {
    setPolicies({ state: "loading" });
    const read = await dashboards.policies(id);
    setPolicies(
      read.ok
        ? { state: "ready", rules: read.value, problem: null }
        : { state: "failed", message: read.error.message },
    );
  }, [dashboards, id]);
  useEffect(() => void load(), [load]);
  /** Shows them at once, and what was there again where the server does not take them. */
  const save = async (before: readonly PathPolicy[], after: readonly PathPolicy[]): Promise<boolean> => {
    setPolicies({ state: "ready", rules: after, problem: null });
    const written = await dashboards.setPolicies(id, after);
    setPolicies(
      written.ok
        ? { state: "ready", rules: written.value, problem: null }
        : { state: "ready", rules: before, problem: written.error.message },
    );
    return written.ok;
  };
  return { policies, load, save };
}
