/** Following and being followed: what is always there of it is small. */
import { useFollow, usePresenters } from "@coboard/react";
import { lazy, type RefObject, Suspense } from "react";
import { useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { rangeOf } from "../data/timeRange";
import { useTellView } from "./useTellView";

const FollowBar = lazy(() => import("./FollowBar"));

export function Following({ canvas }: { readonly canvas: RefObject<HTMLElement | null> }) {
  useTellView(canvas, useUiStore(), rangeOf(useBoard().root));
  const { following, followers, presenting } = useFollow();
  const presenters = usePresenters();
  const isSeen = following || presenting || followers.length > 0 || presenters.length > 0;
  return <Suspense fallback={null}>{isSeen && <FollowBar canvas={canvas} />}</Suspense>;
}
