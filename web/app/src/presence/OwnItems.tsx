/** What the menu on oneself has more on a dashboard: presenting, and what one sees of others. */
import { useFollow } from "@coboard/react";
import { Menu } from "@mantine/core";
import { MousePointer2, MousePointer2Off, Presentation } from "lucide-react";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { hideCursors, useCursorsHidden } from "./settings";

export default function OwnItems() {
  const hidden = useCursorsHidden();
  const { presenting, present } = useFollow();
  const toggle = () => {
    present(!presenting);
    announce(presenting ? "No longer presenting" : "Presenting to all: others are asked to follow");
  };
  return (
    <>
      <Menu.Item leftSection={<Presentation size={16} />} onClick={toggle} data-testid={testIds.present}>
        {presenting ? "Stop presenting" : "Present to all"}
      </Menu.Item>
      <Menu.Item
        leftSection={hidden ? <MousePointer2 size={16} /> : <MousePointer2Off size={16} />}
        onClick={() => {
          hideCursors(!hidden);
          announce(hidden ? "Others' cursors are shown" : "Others' cursors are hidden");
        }}
        data-testid={testIds.hideCursors}
      >
        {hidden ? "Show others' cursors" : "Hide others' cursors"}
      </Menu.Item>
    </>
  );
}
