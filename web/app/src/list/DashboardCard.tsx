/** One dashboard in the list. */
import type { DashboardSummary, DeviceDocument } from "@coboard/client";
import { Menu } from "@mantine/core";
import { Copy, Download, EllipsisVertical, PenLine, Trash2 } from "lucide-react";
import { Link } from "wouter";
import { testIds } from "../testIds";
import { IconButton } from "../ui/IconButton";
import { ago, fullMoment } from "../ui/time";
import styles from "./list.module.css";
import { Miniature } from "./Miniature";
import { NEEDS_SERVER } from "./offline";

export type CardAction = "rename" | "duplicate" | "export" | "delete";

export interface DashboardCardProps {
  readonly dashboard: DashboardSummary;
  readonly online: number;
  /** There is no server: only what is on the device can be opened. */
  readonly offline: boolean;
  /** What is on the device, if it is. */
  readonly kept: DeviceDocument | null;
  readonly nowMs: number;
  readonly onAction: (action: CardAction, dashboard: DashboardSummary) => void;
}

export function DashboardCard({ dashboard, online, offline, kept, nowMs, onAction }: DashboardCardProps) {
  const { id, title, preview, updatedAtMs, updatedBy } = dashboard;
  const who = updatedBy?.name ? ` by ${updatedBy.name}` : "";
  return (
    <li
      className={offline && !kept ? `${styles.card} ${styles.away}` : styles.card}
      data-testid={testIds.card(id)}
      data-kept={kept !== null}
    >
      <div className={styles.mini}>
        {preview.length > 0 ? (
          <Miniature preview={preview} />
        ) : (
          <div className={styles.vacant}>{offline ? "No preview" : "No widgets yet"}</div>
        )}
      </div>
      <div className={styles.body}>
        {offline && !kept ? (
          <span className={styles.title} title={title}>
            {title || "Untitled"}
          </span>
        ) : (
          <Link href={`/d/${id}`} className={styles.link}>
            <span className={styles.title} title={title}>
              {title || "Untitled"}
            </span>
          </Link>
        )}
        <div className={styles.meta}>
          <span className={styles.when} title={fullMoment(updatedAtMs)}>
            {offline ? whereText(kept, nowMs) : `Changed ${ago(updatedAtMs, nowMs)}${who}`}
          </span>
          {kept !== null && kept.pendingCount > 0 && (
            <span
              className={`${styles.waiting} num`}
              title="Changes on this device that the server does not have yet"
            >
              {kept.pendingCount} waiting
            </span>
          )}
          {online > 0 && <span className={`${styles.online} num`}>{online} here</span>}
        </div>
      </div>
      <div className={styles.menu}>
        <CardMenu onAction={(action) => onAction(action, dashboard)} title={title} offline={offline} />
      </div>
    </li>
  );
}

function whereText(kept: DeviceDocument | null, nowMs: number): string {
  return kept ? `On this device, opened ${ago(kept.openedAtMs, nowMs)}` : "Not on this device";
}

interface CardMenuProps {
  readonly title: string;
  readonly offline: boolean;
  readonly onAction: (action: CardAction) => void;
}

/** Without a server it stays and says why nothing in it works: an open menu outlives a connection that comes and goes. */
function CardMenu({ title, offline, onAction }: CardMenuProps) {
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <IconButton
          small
          label={`More for ${title}`}
          icon={<EllipsisVertical size={16} />}
          data-testid={testIds.cardMenu}
        />
      </Menu.Target>
      <Menu.Dropdown>
        {offline && <Menu.Label>{NEEDS_SERVER}</Menu.Label>}
        <Menu.Item disabled={offline} leftSection={<PenLine size={16} />} onClick={() => onAction("rename")}>
          Rename…
        </Menu.Item>
        <Menu.Item disabled={offline} leftSection={<Copy size={16} />} onClick={() => onAction("duplicate")}>
          Duplicate
        </Menu.Item>
        <Menu.Item disabled={offline} leftSection={<Download size={16} />} onClick={() => onAction("export")}>
          Export JSON
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          data-danger
          disabled={offline}
          leftSection={<Trash2 size={16} />}
          onClick={() => onAction("delete")}
        >
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
