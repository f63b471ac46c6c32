/** All dashboards: search, new, import; kept up to date while one looks. */
import { useClient, useConnectionStatus, useDashboards, useDevice } from "@coboard/react";
import { Plus, Search } from "lucide-react";
import { lazy, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { identity } from "../identity/identity";
import { UserMenu } from "../identity/UserMenu";
import { CommandKeys } from "../keys/CommandKeys";
import { testIds } from "../testIds";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { useArrival } from "../ui/focus";
import { Logo } from "../ui/Logo";
import { State } from "../ui/State";
import { ThemeMenu } from "../ui/ThemeMenu";
import { toastProblem } from "../ui/toast";
import { useNow } from "../ui/useNow";
import { ConnectionNote } from "./ConnectionNote";
import { DashboardCard } from "./DashboardCard";
import { DropArea } from "./DropArea";
import { ImportButton } from "./ImportButton";
import styles from "./list.module.css";
import { OfflineNote } from "./OfflineNote";
import { type ListView, listView, NEEDS_SERVER } from "./offline";
import { Recent } from "./Recent";
import { matchesSearch } from "./search";
import { useCardActions } from "./useCardActions";
import { useImport } from "./useImport";
import { useOnline } from "./useOnline";

const ListPalette = lazy(() => import("../keys/ListPalette"));

const MINUTE_MS = 60_000;

export function ListPage() {
  const client = useClient();
  const dashboards = useDashboards();
  const { documents, list } = useDevice();
  const view = listView(dashboards, useConnectionStatus(), documents, list?.rows ?? []);
  const [search, setSearch] = useState("");
  const [, navigate] = useLocation();
  const importFiles = useImport();
  const now = useNow(MINUTE_MS);
  const main = useRef<HTMLElement>(null);
  useArrival(main);
  useEffect(() => {
    document.title = "Dashboards · Coboard";
  }, []);
  const create = async () => {
    const made = await client.dashboards.create({ title: "New dashboard" });
    if (made.ok) navigate(`/d/${made.value.id}`);
    else toastProblem("create", "No dashboard was created", made.error.message);
  };
  const take = (files: readonly File[]) => {
    if (view.offline) toastProblem("import", "Nothing was imported", NEEDS_SERVER);
    else void importFiles(files);
  };
  const newButton = (
    <Button
      large
      look="primary"
      disabled={view.offline}
      title={view.offline ? NEEDS_SERVER : undefined}
      onClick={() => void create()}
      data-testid={testIds.newDashboard}
    >
      <Plus size={16} />
      New dashboard
    </Button>
  );
  const all = view.rows;
  return (
    <>
      <header className={styles.header}>
        <span className={styles.brand}>
          <Logo />
          Coboard
        </span>
        <span className={styles.spacer} />
        <ConnectionNote />
        <ThemeMenu />
        <UserMenu>
          <Avatar name={identity().name} color="var(--self)" />
        </UserMenu>
      </header>
      <main ref={main} id="main" className={styles.main} tabIndex={-1} aria-label="Dashboards">
        <div className={styles.bar}>
          <h1 className={styles.heading}>
            Dashboards {all.length > 0 && <span className={`${styles.count} num`}>{all.length}</span>}
          </h1>
          <span className={styles.spacer} />
          {all.length > 0 && <SearchField value={search} onChange={setSearch} />}
          <ImportButton onFiles={take} disabledBecause={view.offline ? NEEDS_SERVER : null} />
          {newButton}
        </div>
        {view.offline && <OfflineNote />}
        {dashboards.status === "loading" && !view.offline && <Loading />}
        {dashboards.status === "failed" && !view.offline && (
          <State
            title="The list could not be loaded"
            actions={<Button onClick={() => client.reconnect()}>Try again</Button>}
          >
            {dashboards.error.message}
          </State>
        )}
        {dashboards.status === "ready" && all.length === 0 && (
          <State title="No dashboards yet">
            Make one with the button above, or drop a Grafana JSON file anywhere.
          </State>
        )}
        {search === "" && <Recent view={view} nowMs={now} />}
        {all.length > 0 && <Cards view={view} search={search} nowMs={now} />}
      </main>
      <DropArea onFiles={take} />
      <CommandKeys palette={ListPalette} />
    </>
  );
}

function Loading() {
  return (
    <div className={styles.grid} role="status" aria-label="Loading dashboards">
      {[0, 1, 2].map((key) => (
        <div key={key} className={styles.skeleton} />
      ))}
    </div>
  );
}

interface CardsProps {
  readonly view: ListView;
  readonly search: string;
  readonly nowMs: number;
}

function Cards({ view, search, nowMs }: CardsProps) {
  const online = useOnline();
  const { act, dialogs } = useCardActions();
  const found = view.rows.filter((dashboard) => matchesSearch(dashboard, search));
  return (
    <>
      {found.length === 0 && <State title={`Nothing matches "${search}"`} />}
      <ul className={styles.grid}>
        {found.map((dashboard) => (
          <DashboardCard
            key={dashboard.id}
            dashboard={dashboard}
            online={view.offline ? 0 : (online.get(dashboard.id) ?? dashboard.online)}
            offline={view.offline}
            kept={view.onDevice.get(dashboard.id) ?? null}
            nowMs={nowMs}
            onAction={act}
          />
        ))}
      </ul>
      {dialogs}
    </>
  );
}

interface SearchFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** "/" leads here from anywhere on the page. */
function SearchField({ value, onChange }: SearchFieldProps) {
  return (
    <label className={styles.search}>
      <span className="visually-hidden">Search dashboards</span>
      <Search size={16} />
      <input
        type="search"
        placeholder="Search"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onChange("");
        }}
        data-testid={testIds.search}
      />
    </label>
  );
}
