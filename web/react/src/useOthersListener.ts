/** Who comes and goes. */
import type { User } from "@coboard/client";
import { useEffect } from "react";
import { useHandle } from "./context.js";
import { useLatest } from "./useLatest.js";

/**
 * Runs when a user joins or leaves; a second tab of one user is no news.
 *
 * @example
 * useOthersListener(({ type, user }) => announce(`${user.name} ${type === "join" ? "joined" : "left"}`));
 * @public
 */
export function useOthersListener(listener: (event: { type: "join" | "leave"; user: User }) => void): void {
  const handle = useHandle();
  const latest = useLatest(listener);
  useEffect(() => {
    const stops = [
      handle.on("join", (user) => latest.current({ type: "join", user })),
      handle.on("leave", (user) => latest.current({ type: "leave", user })),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [handle, latest]);
}
