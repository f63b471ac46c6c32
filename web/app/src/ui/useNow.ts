/** The time, renewed every `everyMs`; one timer per component, none while the tab is hidden. */
import { useEffect, useState } from "react";

export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, everyMs);
    const wake = () => {
      if (!document.hidden) setNow(Date.now());
    };
    document.addEventListener("visibilitychange", wake);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", wake);
    };
  }, [everyMs]);
  return now;
}
