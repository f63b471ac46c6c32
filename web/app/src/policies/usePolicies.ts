/** The rules of the dashboard: read when somebody looks, written as a whole, followed while others change them. */
import type { PathPolicy } from "@coboard/client";
import { useClient, useDocumentHandle, useReadable } from "@coboard/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { announce } from "../ui/announce";
import { followed, LOADING, notSaved, type Policies, reread, shown } from "./following";

export function usePolicies() {
  const { dashboards, connection } = useClient();
  const handle = useDocumentHandle();
  const { id } = handle;
  const [policies, setPolicies] = useState<Policies>(LOADING);
  /** How often the server told the rules: what was asked for before that is older. */
  const told = useRef(0);
  const saves = useRef({ made: 0, waiting: 0 });
  const read = useCallback(async () => {
    const before = told.current;
    const answer = await dashboards.policies(id);
    if (told.current === before) setPolicies((known) => reread(known, answer));
  }, [dashboards, id]);
  const load = useCallback(() => {
    setPolicies(LOADING);
    return read();
  }, [read]);
  useEffect(() => void load(), [load]);

  useEffect(
    () =>
      handle.on("policies", ({ policies: rules, author }) => {
        told.current += 1;
        const isOwn = author.id === handle.presence.self.current.user.id;
        // What one saves here is shown already, perhaps with more on top.
        if (isOwn && saves.current.waiting > 0) return;
        setPolicies((known) => followed(known, rules, isOwn ? null : author.name));
      }),
    [handle],
  );
  const connected = useReadable(connection).state === "connected";
  const isReady = useRef(false);
  isReady.current = policies.state === "ready";
  // What was changed while there was no connection was not heard.
  useEffect(() => {
    if (connected && isReady.current) void read();
  }, [connected, read]);
  const news = policies.state === "ready" ? policies.news : null;
  useEffect(() => {
    if (news) announce(news);
  }, [news]);

  /** Shows them at once. They are stored only in place of those that were shown before. */
  const save = async (before: readonly PathPolicy[], after: readonly PathPolicy[]): Promise<boolean> => {
    setPolicies(shown(after));
    const toldBefore = told.current;
    const { current } = saves;
    current.waiting += 1;
    current.made += 1;
    const { made } = current;
    const written = await dashboards.setPolicies(id, after, { before });
    current.waiting -= 1;
    const isNewest = told.current === toldBefore && current.made === made;
    if (written.ok) {
      if (isNewest) setPolicies(shown(written.value));
      return true;
    }
    setPolicies((known) => notSaved(known, isNewest ? before : null, written.error));
    if (!isNewest || written.error.code === "E_REV_OLD") await read();
    return false;
  };
  return { policies, load, save };
}
