/** What can be done with one widget. */
import { Menu } from "@mantine/core";
import { Copy, EllipsisVertical, Move, PenLine, SlidersHorizontal, Trash2 } from "lucide-react";
import { testIds } from "../testIds";
import { IconButton } from "../ui/IconButton";

export type WidgetAction = "edit" | "rename" | "duplicate" | "move" | "remove";

export interface WidgetMenuProps {
  readonly label: string;
  readonly opened: boolean;
  readonly canMove: boolean;
  readonly onChange: (opened: boolean) => void;
  readonly onAction: (action: WidgetAction) => void;
}

export function WidgetMenu({ label, opened, canMove, onChange, onAction }: WidgetMenuProps) {
  return (
    <Menu position="bottom-end" width={190} opened={opened} onChange={onChange}>
      <Menu.Target>
        <IconButton
          small
          className="no-drag"
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
