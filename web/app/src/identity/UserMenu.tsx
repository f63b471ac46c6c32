/** Who one is here, and the way to another name. */
import { useClient } from "@coboard/react";
import { Menu, UnstyledButton } from "@mantine/core";
import { PenLine } from "lucide-react";
import { type ReactNode, useState } from "react";
import { TextDialog } from "../ui/TextDialog";
import { identity, NAME_LENGTH_MAX, rename } from "./identity";
import { initialsOf } from "./names";

export interface UserMenuProps {
  /** What the menu hangs on; it gets the name as its label. */
  readonly children: ReactNode;
}

export function UserMenu({ children }: UserMenuProps) {
  const client = useClient();
  const [name, setName] = useState(identity().name);
  const [asking, setAsking] = useState(false);
  const take = (next: string) => {
    setAsking(false);
    if (next === name) return;
    setName(rename(next).name);
    client.reconnect();
  };
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <UnstyledButton
            aria-label={`${initialsOf(name)}, you are ${name}`}
            style={{ borderRadius: "50%", lineHeight: 0 }}
          >
            {children}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>You are here as {name}</Menu.Label>
          <Menu.Item leftSection={<PenLine size={16} />} onClick={() => setAsking(true)}>
            Change name…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking && (
        <TextDialog
          title="Your name"
          label="Others see it at your cursor and in the list of people."
          initial={name}
          confirm="Change name"
          maxLength={NAME_LENGTH_MAX}
          onConfirm={take}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
