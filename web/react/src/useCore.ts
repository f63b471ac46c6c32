/** Whether the core is there, for components that need it without a Document. */
import { isCoreLoaded, loadCore } from "@coboard/client";
import { useEffect, useState } from "react";

/**
 * Whether the core is loaded; loads it. Stays `false` when it cannot be loaded.
 *
 * @example
 * const shown = useCore() ? compact(stored) : stored;
 * @public
 */
export function useCore(): boolean {
  const [loaded, setLoaded] = useState(isCoreLoaded);
  useEffect(() => {
    if (loaded) return;
    let gone = false;
    loadCore().then(
      () => !gone && setLoaded(true),
      // What is shown without the core stays; joining a Document reports the failure.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [loaded]);
  return loaded;
}
