/** `@coboard/react`: hooks over `@coboard/client`, one per file. */

export type { Loaded } from "@coboard/client";
export {
  ActivityFeed,
  type ActivityFeedProps,
  type ActivityStrings,
} from "./ActivityFeed.js";
export {
  AvatarStack,
  type AvatarStackProps,
  type AvatarStackStrings,
  type PeopleStack,
  type StackPerson,
  usePeopleStack,
} from "./AvatarStack.js";
export { CoboardProvider } from "./CoboardProvider.js";
export { CursorArrow, Cursors, type CursorsProps } from "./Cursors.js";
export type { CursorOptions, PixelPoint } from "./cursorPlace.js";
export { DocumentProvider, type DocumentProviderProps } from "./DocumentProvider.js";
export { HandleProvider } from "./HandleProvider.js";
export { shallowEqual } from "./shallowEqual.js";
export { type ActivityFilter, type ActivityList, useActivity } from "./useActivity.js";
export { useAudience } from "./useAudience.js";
export { useClient } from "./useClient.js";
export { type ConflictInbox, useConflicts } from "./useConflicts.js";
export { useConnectionStatus } from "./useConnectionStatus.js";
export { useCore } from "./useCore.js";
export { type CursorView, useCursors } from "./useCursors.js";
export { useDashboards } from "./useDashboards.js";
export { type DeviceState, useDevice } from "./useDevice.js";
export { useDevices } from "./useDevices.js";
export { useDocument } from "./useDocument.js";
export { useDocumentHandle } from "./useDocumentHandle.js";
export { useDocumentListener } from "./useDocumentListener.js";
export { useErrorListener } from "./useErrorListener.js";
export { type Follow, useFollow, useFollowedView, usePresenters } from "./useFollow.js";
export { useHistory } from "./useHistory.js";
export { useLastEdit } from "./useLastEdit.js";
export { useLeases } from "./useLeases.js";
export { useLostConnectionListener } from "./useLostConnectionListener.js";
export { useMutation } from "./useMutation.js";
export { type OfflineQueue, useOfflineQueue } from "./useOfflineQueue.js";
export { useOther } from "./useOther.js";
export { useOthers } from "./useOthers.js";
export { useOthersListener } from "./useOthersListener.js";
export { useOthersMapped } from "./useOthersMapped.js";
export { usePresence } from "./usePresence.js";
export { useReadable } from "./useReadable.js";
export { useRedo } from "./useRedo.js";
export { useSelected } from "./useSelected.js";
export { useSelection } from "./useSelection.js";
export { useSelf } from "./useSelf.js";
export { useSyncStatus } from "./useSyncStatus.js";
export { useTextField } from "./useTextField.js";
export { useUndo } from "./useUndo.js";
export { useWidget } from "./useWidget.js";
export { useWidgetSession, type WidgetSessionView } from "./useWidgetSession.js";
