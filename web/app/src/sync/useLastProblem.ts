/** The newest thing that went wrong, for as long as the page is open: people ask when it is over. */
import type { ConnectionStatus } from "@coboard/client";
import { useConnectionStatus, useErrorListener } from "@coboard/react";
import { useEffect, useState } from "react";

export interface Problem {
  readonly text: string;
  readonly code: string;
  readonly atMs: number;
}

export function useLastProblem(): Problem | null {
  const [last, setLast] = useState<Problem | null>(null);
  const connection = useConnectionStatus();
  useErrorListener(({ code, message }) => setLast({ text: message, code, atMs: Date.now() }));
  const lost = lostText(connection);
  useEffect(() => {
    if (lost) setLast({ text: lost, code: "lost", atMs: Date.now() });
  }, [lost]);
  return last;
}

/** Why a connection was lost, in words; null where it was not. */
export function lostText(connection: ConnectionStatus): string | null {
  if (connection.state !== "reconnecting") return null;
  switch (connection.reason) {
    case "browser-offline":
      return "this device has no network";
    case "silent":
      return "the server did not answer";
    case "closed":
      return "the connection was closed";
    case "server-draining":
      return "the server is restarting";
    case "overloaded":
      return "the server has too much to do";
    case "rate-limited":
      return "too many requests";
    case "message-too-large":
      return "a message was too large";
  }
}
