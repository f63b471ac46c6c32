/** What this person opened last on this device: a short way back, also without a server. */
import { Clock } from "lucide-react";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { testIds } from "../testIds";
import { ago, fullMoment } from "../ui/time";
import { type Visit, visits, visitsKey } from "../view/visits";
import styles from "./list.module.css";
import type { ListView } from "./offline";

const SHOWN_MAX = 6;

/** Those that are still there; without a server those that can be opened. */
export function recentOf(known: readonly Visit[], { rows, offline, onDevice }: ListView): readonly Visit[] {
  const titles = new Map(rows.map(({ id, title }) => [id, title]));
  return known
    .filter(({ id }) => titles.has(id) && (!offline || onDevice.has(id)))
    .slice(0, SHOWN_MAX)
    .map((visit) => ({ ...visit, title: titles.get(visit.id) ?? visit.title }));
}

export function Recent({ view, nowMs }: { readonly view: ListView; readonly nowMs: number }) {
  const recent = recentOf(useVisits(), view);
  if (recent.length === 0) return null;
  return (
    <section className={styles.recent} aria-labelledby="recent" data-testid={testIds.recent}>
      <h2 id="recent" className={styles.recentHeading}>
        Recently opened
      </h2>
      <ul className={styles.recentList}>
        {recent.map(({ id, title, atMs }) => (
          <li key={id}>
            <Link href={`/d/${id}`} className={styles.recentLink} title={fullMoment(atMs)}>
              <Clock size={14} aria-hidden="true" />
              <span className={styles.recentTitle}>{title || "Untitled"}</span>
              <span className={`${styles.recentWhen} num`}>{ago(atMs, Math.max(nowMs, atMs))}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Other tabs open dashboards, too. */
function useVisits(): readonly Visit[] {
  const [known, setKnown] = useState(visits);
  useEffect(() => {
    const onStorage = ({ key }: StorageEvent) => {
      if (key === visitsKey()) setKnown(visits());
    };
    window.addEventListener("storage", onStorage);
    return () => window.removeEventListener("storage", onStorage);
  }, []);
  return known;
}
