/** The moment that somebody points at in a chart: one's own, told to who follows; and theirs whom one follows. */
import { createStore } from "zustand/vanilla";

export interface HoverState {
  /** Where this person points; `null` outside of charts. */
  readonly ownMs: number | null;
  /** Where whoever is followed points. */
  readonly followedMs: number | null;
}

export const hover = createStore<HoverState>(() => ({ ownMs: null, followedMs: null }));

/** The chart that is pointed at. */
let pointed: string | null = null;

/** A chart says where it is pointed at; that it is not says nothing of another one. */
export function tellHover(chart: string, ownMs: number | null): void {
  if (ownMs === null && pointed !== chart) return;
  pointed = ownMs === null ? null : chart;
  if (hover.getState().ownMs !== ownMs) hover.setState({ ownMs });
}

export function setFollowedHover(followedMs: number | null): void {
  if (hover.getState().followedMs !== followedMs) hover.setState({ followedMs });
}
