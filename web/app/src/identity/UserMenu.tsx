/** Who one is here, and the way to another name. */
import { useClient } from "@coboard/react";
import { Menu, UnstyledButton } from "@mantine/core";
import { MonitorSmartphone, PenLine } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { testIds } from "../testIds";
import { TextDialog } from "../ui/TextDialog";
import { identity, NAME_LENGTH_MAX, rename } from "./identity";
import { initialsOf } from "./names";

const DevicesDialog = lazy(() => import("../devices/DevicesDialog"));

export interface UserMenuProps {
  /** What the menu hangs on; it gets the name as its label. */
  readonly children: ReactNode;
  /** Where else one has the same open: "also on Phone". */
  readonly also?: string | null;
  /** More for the menu; may come later than it. */
  readonly items?: ReactNode;
}

export function UserMenu({ children, also = null, items = null }: UserMenuProps) {
  const client = useClient();
  const [name, setName] = useState(identity().name);
  const [asking, setAsking] = useState(false);
  const [devices, setDevices] = useState(false);
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
            aria-label={`${initialsOf(name)}, you are ${name}${also ? `, ${also}` : ""}`}
            style={{ borderRadius: "50%", lineHeight: 0 }}
            data-testid={testIds.userMenu}
          >
            {children}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            You are here as {name}
            {also && `, ${also}`}
          </Menu.Label>
          <Suspense fallback={null}>{items}</Suspense>
          <Menu.Item leftSection={<MonitorSmartphone size={16} />} onClick={() => setDevices(true)}>
            Your devices…
          </Menu.Item>
          <Menu.Item leftSection={<PenLine size={16} />} onClick={() => setAsking(true)}>
            Change name…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Suspense fallback={null}>{devices && <DevicesDialog onClose={() => setDevices(false)} />}</Suspense>
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
