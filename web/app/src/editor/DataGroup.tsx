/** Where a widget's numbers come from. */
import type { Json } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { Menu } from "@mantine/core";
import { Dices, FileText, Plus } from "lucide-react";
import { useContext } from "react";
import type { WidgetNode } from "../dashboard/model";
import { pathIn } from "../dashboard/paths";
import { asString } from "../data/json";
import { INLINE, TESTDATA, targetsOf } from "../data/sources";
import { IconButton } from "../ui/IconButton";
import styles from "./editor.module.css";
import { Group } from "./Group";
import { TargetEditor } from "./TargetEditor";
import { InDraft } from "./useDraft";

export function DataGroup({ node }: { readonly node: WidgetNode }) {
  const handle = useDocumentHandle();
  const inDraft = useContext(InDraft);
  const targets = targetsOf(node.json);
  const add = (target: (refId: string) => Json) => {
    const list = pathIn(node.item, "targets");
    handle.edit("add a data source", (edit) => {
      if (!Array.isArray(node.json.targets)) edit.set(list, []);
      edit.insert(list, target(freeRefId(targets.map((known) => asString(known.refId) ?? ""))), "end");
    });
  };
  return (
    <Group
      title="Data"
      action={
        <Menu position="bottom-end" width={210} disabled={inDraft}>
          <Menu.Target>
            <IconButton
              small
              disabled={inDraft}
              label={inDraft ? "Add data when the draft is published" : "Add data"}
              icon={<Plus size={16} />}
            />
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<FileText size={16} />} onClick={() => add(inlineTarget)}>
              Inline CSV or JSON
            </Menu.Item>
            <Menu.Item leftSection={<Dices size={16} />} onClick={() => add(sampleTarget)}>
              Sample numbers
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      }
    >
      {targets.length === 0 && <p className={styles.hint}>No data yet. Add some with the plus.</p>}
      {targets.map((target, index) => {
        const item = handle.itemOf(target);
        return item === null ? null : (
          <TargetEditor key={item} owner={node} item={item} target={target} position={index} />
        );
      })}
    </Group>
  );
}

const inlineTarget = (refId: string): Json => ({
  refId,
  datasource: { type: INLINE },
  format: "csv",
  text: "name,value\n",
});

const sampleTarget = (refId: string): Json => ({
  refId,
  datasource: { type: TESTDATA },
  scenario: "random_walk",
  seed: 1 + (refId.codePointAt(0) ?? 65) - 65,
  series: [refId],
});

/** The first letter that is not taken. */
function freeRefId(taken: readonly string[]): string {
  for (let code = 65; code < 91; code++) {
    const letter = String.fromCharCode(code);
    if (!taken.includes(letter)) return letter;
  }
  return `Q${taken.length + 1}`;
}
