/** What can be done with one widget. */
import { Menu } from "@mantine/core";
import { Copy, EllipsisVertical, Move, PenLine, SlidersHorizontal, Table2, Trash2 } from "lucide-react";
import { testIds } from "../testIds";
import { IconButton } from "../ui/IconButton";

export type WidgetAction = "edit" | "table" | "rename" | "duplicate" | "move" | "remove";

export interface WidgetMenuProps {
  readonly label: string;
  readonly opened: boolean;
  /** Tab leads to the button. */
  readonly reachable?: boolean;
  /** It has data that can be read as a table. */
  readonly hasData?: boolean;
  readonly canMove: boolean;
  readonly onChange: (opened: boolean) => void;
  readonly onAction: (action: WidgetAction) => void;
}

export function WidgetMenu({
  label,
  opened,
  reachable = true,
  hasData = false,
  canMove,
  onChange,
  onAction,
}: WidgetMenuProps) {
  return (
    <Menu position="bottom-end" width={190} opened={opened} onChange={onChange}>
      <Menu.Target>
        <IconButton
          small
          className="no-drag"
          tabIndex={reachable ? 0 : -1}
          label={`Menu of ${label}`}
          icon={<EllipsisVertical size={16} />}
          data-testid={testIds.widgetMenu}
        />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<SlidersHorizontal size={16} />}
          rightSection="E"
          onClick={() => onAction("edit")}
        >
          Edit
        </Menu.Item>
        <Menu.Item leftSection={<PenLine size={16} />} rightSection="F2" onClick={() => onAction("rename")}>
          Rename
        </Menu.Item>
        <Menu.Item leftSection={<Copy size={16} />} rightSection="D" onClick={() => onAction("duplicate")}>
          Duplicate
        </Menu.Item>
        {hasData && (
          <Menu.Item leftSection={<Table2 size={16} />} rightSection="T" onClick={() => onAction("table")}>
            View as table
          </Menu.Item>
        )}
        {canMove && (
          <Menu.Item leftSection={<Move size={16} />} rightSection="M" onClick={() => onAction("move")}>
            Move with keys
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item
          data-danger
          leftSection={<Trash2 size={16} />}
          rightSection="Del"
          onClick={() => onAction("remove")}
        >
          Remove
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
