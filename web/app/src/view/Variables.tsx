/** The line of variables, where the dashboard has any to choose. What they are is loaded with the first of them. */
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { useUi } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { asArray, at } from "../data/json";
import type { Scope } from "../data/scope";
import { testIds } from "../testIds";
import styles from "./variables.module.css";

const VariableBar = lazy(() => import("./VariableBar"));

type Reader = typeof import("../data/variables");

let reader: Reader | null = null;

/** What variables stand for here; `null` where there are none, and until it is known how they are read. */
export function useScope(): Scope | null {
  const { templating } = useBoard().root;
  const chosen = useUi((state) => state.variables);
  const [read, setRead] = useState(reader);
  const wanted = asArray(at(templating, "list")).length > 0;
  useEffect(() => {
    if (!wanted || read) return;
    let current = true;
    void import("../data/variables").then((loaded) => {
      reader = loaded;
      if (current) setRead(loaded);
    });
    return () => {
      current = false;
    };
  }, [wanted, read]);
  return useMemo(
    () => (wanted && read ? read.scopeOf({ templating: templating ?? null }, chosen) : null),
    [wanted, read, templating, chosen],
  );
}

export function Variables() {
  const scope = useScope();
  if (!scope?.variables.some(({ kind }) => kind !== "fixed")) return null;
  return (
    <div className={styles.bar} role="toolbar" aria-label="Variables" data-testid={testIds.variables}>
      <Suspense fallback={null}>
        <VariableBar scope={scope} />
      </Suspense>
    </div>
  );
}
