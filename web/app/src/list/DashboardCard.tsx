/** One dashboard in the list. */
import type { DashboardSummary } from "@coboard/client";
import { Menu } from "@mantine/core";
import { Copy, Download, EllipsisVertical, PenLine, Trash2 } from "lucide-react";
import { Link } from "wouter";
import { testIds } from "../testIds";
import { IconButton } from "../ui/IconButton";
import { ago, fullMoment } from "../ui/time";
import styles from "./list.module.css";
import { Miniature } from "./Miniature";

export type CardAction = "rename" | "duplicate" | "export" | "delete";

export interface DashboardCardProps {
  readonly dashboard: DashboardSummary;
  readonly online: number;
  readonly nowMs: number;
  readonly onAction: (action: CardAction, dashboard: DashboardSummary) => void;
}

export function DashboardCard({ dashboard, online, nowMs, onAction }: DashboardCardProps) {
  const { id, title, preview, updatedAtMs, updatedBy } = dashboard;
  const who = updatedBy?.name ? ` by ${updatedBy.name}` : "";
  return (
    <li className={styles.card} data-testid={testIds.card(id)}>
      <div className={styles.mini}>
        {preview.length > 0 ? (
          <Miniature preview={preview} />
        ) : (
          <div className={styles.vacant}>No widgets yet</div>
        )}
      </div>
      <div className={styles.body}>
        <Link href={`/d/${id}`} className={styles.link}>
          <span className={styles.title} title={title}>
            {title || "Untitled"}
          </span>
        </Link>
        <div className={styles.meta}>
          <span className={styles.when} title={fullMoment(updatedAtMs)}>
            Changed {ago(updatedAtMs, nowMs)}
            {who}
          </span>
          {online > 0 && <span className={`${styles.online} num`}>{online} here</span>}
        </div>
      </div>
      <div className={styles.menu}>
        <CardMenu onAction={(action) => onAction(action, dashboard)} title={title} />
      </div>
    </li>
  );
}

interface CardMenuProps {
  readonly title: string;
  readonly onAction: (action: CardAction) => void;
}

function CardMenu({ title, onAction }: CardMenuProps) {
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
        <Menu.Item leftSection={<PenLine size={16} />} onClick={() => onAction("rename")}>
          Rename…
        </Menu.Item>
        <Menu.Item leftSection={<Copy size={16} />} onClick={() => onAction("duplicate")}>
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<Download size={16} />} onClick={() => onAction("export")}>
          Export JSON
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item data-danger leftSection={<Trash2 size={16} />} onClick={() => onAction("delete")}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
