/** What can be done with a dashboard from the list, with the dialogs it needs. */
import type { DashboardSummary, Json } from "@coboard/client";
import { useClient } from "@coboard/react";
import { type ReactNode, useState } from "react";
import { isObject } from "../data/json";
import { ConfirmDialog } from "../ui/ConfirmDialog";
import { downloadJson } from "../ui/download";
import { TextDialog } from "../ui/TextDialog";
import { toastProblem } from "../ui/toast";
import type { CardAction } from "./DashboardCard";

interface CardActions {
  readonly act: (action: CardAction, dashboard: DashboardSummary) => void;
  readonly dialogs: ReactNode;
}

export function useCardActions(): CardActions {
  const client = useClient();
  const [renaming, setRenaming] = useState<DashboardSummary | null>(null);
  const [deleting, setDeleting] = useState<DashboardSummary | null>(null);

  const duplicate = async ({ id, title }: DashboardSummary) => {
    const exported = await client.dashboards.export(id);
    const made = exported.ok ? await client.dashboards.import(copyOf(exported.value, title)) : exported;
    if (!made.ok) toastProblem("duplicate", `"${title}" was not duplicated`, made.error.message);
  };
  const save = async ({ id, title }: DashboardSummary) => {
    const exported = await client.dashboards.export(id);
    if (exported.ok) downloadJson(title, exported.value);
    else toastProblem("export", `"${title}" was not exported`, exported.error.message);
  };
  const rename = async ({ id, title }: DashboardSummary, next: string) => {
    const result = await client.dashboards.rename(id, next);
    if (!result.ok) toastProblem("rename", `"${title}" was not renamed`, result.error.message);
  };
  const remove = async ({ id, title }: DashboardSummary) => {
    const result = await client.dashboards.delete(id);
    if (!result.ok) toastProblem("delete", `"${title}" was not deleted`, result.error.message);
  };

  const act = (action: CardAction, dashboard: DashboardSummary) => {
    if (action === "rename") setRenaming(dashboard);
    else if (action === "delete") setDeleting(dashboard);
    else void (action === "duplicate" ? duplicate(dashboard) : save(dashboard));
  };
  const dialogs = (
    <>
      {renaming && (
        <TextDialog
          title="Rename dashboard"
          label="Title"
          initial={renaming.title}
          confirm="Rename"
          onClose={() => setRenaming(null)}
          onConfirm={(title) => {
            setRenaming(null);
            void rename(renaming, title);
          }}
        />
      )}
      <ConfirmDialog
        opened={deleting !== null}
        title={`Delete "${deleting?.title ?? ""}"?`}
        confirm="Delete"
        onClose={() => setDeleting(null)}
        onConfirm={() => {
          if (deleting) void remove(deleting);
          setDeleting(null);
        }}
      >
        {deleting && deleting.online > 0
          ? `${deleting.online === 1 ? "One person is" : `${deleting.online} people are`} in it now. They will lose it.`
          : "It goes for everybody."}
      </ConfirmDialog>
    </>
  );
  return { act, dialogs };
}

/** The copy has no identity of the original's. */
function copyOf(dashboard: Json, title: string): Json {
  if (!isObject(dashboard)) return dashboard;
  const { uid: _uid, id: _id, ...rest } = dashboard;
  return { ...rest, title: `${title} (copy)` };
}
