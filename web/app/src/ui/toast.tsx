/** Short messages in the corner: failures stay until they are dismissed, news goes by itself. */
import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";

/** One toast per topic; another with the same topic takes its place. */
export function toastProblem(topic: string, title: string, message: ReactNode): void {
  show(topic, title, message, false);
}

export function toastNews(topic: string, title: string, message: ReactNode = ""): void {
  show(topic, title, message, 4_000);
}

/** News with something to do about them: there must be time to read and to reach it. */
export function toastAction(topic: string, title: string, actions: ReactNode): void {
  show(topic, title, actions, 8_000);
}

export function dismissToast(topic: string): void {
  notifications.hide(topic);
}

function show(topic: string, title: string, message: ReactNode, autoClose: number | false): void {
  const data = { id: topic, title, message, autoClose, withBorder: false };
  notifications.hide(topic);
  notifications.show(data);
}
