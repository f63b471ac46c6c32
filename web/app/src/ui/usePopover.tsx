/** A panel that a button opens beside itself: the focus goes into it, and back to the button. */
import { type KeyboardEvent, useState } from "react";
import { useFocusBack } from "./focus";

/**
 * `popover` is for the Popover, `button` for its target. The focus comes into the panel a moment after it is drawn:
 * until then Escape is pressed at the button, of which the Popover hears nothing.
 */
export function usePopover() {
  const [opened, setOpened] = useState(false);
  const close = () => setOpened(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !opened) return;
    event.stopPropagation();
    close();
  };
  return {
    opened,
    close,
    popover: { opened, onChange: setOpened, trapFocus: true, returnFocus: true },
    button: { onClick: () => setOpened((was) => !was), onKeyDown },
  };
}

/** In the panel: whoever closes it before the focus is in it finds the focus where it was. */
export function FocusBack(): null {
  useFocusBack();
  return null;
}
