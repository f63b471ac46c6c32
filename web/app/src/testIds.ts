/**
 * The `data-testid` attributes that browser tests may rely on.
 *
 * | where | id | what |
 * |---|---|---|
 * | list | `card-<documentId>` | one dashboard |
 * | list | `new-dashboard`, `import-file`, `search` | create, the file input of the import, the search field |
 * | list | `offline-note` | what can be done without a server; a card has `data-kept` if it is on the device |
 * | list | `card-menu` | inside a card: rename, duplicate, delete |
 * | dashboard | `dashboard-title` | the title: a button, and while edited an input |
 * | dashboard | `widget-<itemId>` | a widget's frame, focusable; `data-type` says its type |
 * | dashboard | `widget-title`, `drag-handle`, `widget-menu` | inside a widget's frame |
 * | dashboard | `status-pill` | the sync status; `data-state` is `saved`, `saving`, `syncing`, `offline`, `reconnecting`, `connecting`, `blocked`; `data-pending` how many changes the server has not; `data-durability` where the newest change is safe: `server`, `device`, `memory`; `data-transport` and `data-via` (`own-socket`, `other-tab`) while connected |
 * | dashboard | `status-popover` | its details; `waiting-group` is what waits of one widget |
 * | dashboard | `not-here` | stands instead of a dashboard that is not on the device, without a server |
 * | dashboard | `avatar` | one person here; `data-user` is the name |
 * | dashboard | `cursor-<name>` | another person's cursor |
 * | dashboard | `ripple-<name>` | where somebody else tapped with a finger |
 * | dashboard | `person-card`, `follow` | what somebody does, opened from their disc, and the way to their view |
 * | dashboard | `following`, `stop-following`, `followers` | whom one follows, and who follows oneself |
 * | dashboard | `present`, `offer`, `join`, `stop-presenting` | presenting to all: in the user menu; what others are offered; the end |
 * | dashboard | `hide-cursors` | in the user menu: others' cursors or none |
 * | dashboard | `refresh`, `refresh-now` | how often data is asked for again, and at once |
 * | dashboard | `variables`, `variable-<name>` | the bar of variables, and the field of one |
 * | dashboard | `ring-<itemId>` | the selection ring of others around a widget |
 * | dashboard | `ghost-<itemId>` | where somebody else is dragging a widget to |
 * | dashboard | `undo`, `redo`, `add-widget`, `add-<type>`, `share`, `export`, `theme` | the toolbar and header |
 * | dashboard | `range`, `range-panel` | the time range with `data-from` and `data-to` if it is the viewer's own, and what it opens |
 * | list, dashboard | `user-menu`, `devices` | who one is, and the list of one's own devices with `data-state`: `loading`, `offline`, `failed`, `ready`; in it `own-device`, `own-tab` with `data-this` |
 * | list, dashboard | `become` | asks whether to be the person of an address on this device |
 * | list | `recent` | what was opened last on this device |
 * | dashboard | `review-button`, `review-panel` | the badge with `data-count`, and the review it opens |
 * | dashboard | `policies-button`, `policies-panel` | the rules of the dashboard; each `rule` has a `data-path` |
 * | dashboard | `activity-button`, `activity-panel` | what people did, `data-unread` how much of it is new; `activity-who`, `activity-what` choose |
 * | review | `conflict-<itemId>`, `refused` | one card; its rows have `data-field` |
 * | dashboard | `drag-warning`, `field-warning` | somebody else changed the same a moment ago |
 * | editor | `editor-panel`, `editor-close`, `field-title`, `field-type`, `text-editor`, `target-<refId>` | the right panel |
 * | editor | `participant-<name>`, `hand-off` | somebody else who has the widget open, and asking them to go on |
 * | editor | `draft-start`, `draft-bar`, `draft-publish`, `draft-discard` | trying without publishing |
 * | list, dashboard | `palette` | the field of the commands |
 * | everywhere | `said`, `alarm` | what people who listen are told: politely, and at once |
 */
export const testIds = {
  card: (document: string) => `card-${document}`,
  offlineNote: "offline-note",
  cardMenu: "card-menu",
  newDashboard: "new-dashboard",
  importFile: "import-file",
  search: "search",
  dashboardTitle: "dashboard-title",
  widget: (item: string) => `widget-${item}`,
  widgetTitle: "widget-title",
  dragHandle: "drag-handle",
  widgetMenu: "widget-menu",
  statusPill: "status-pill",
  statusPopover: "status-popover",
  waitingGroup: "waiting-group",
  notHere: "not-here",
  avatar: "avatar",
  cursor: (name: string) => `cursor-${name}`,
  ripple: (name: string) => `ripple-${name}`,
  personCard: "person-card",
  follow: "follow",
  following: "following",
  stopFollowing: "stop-following",
  followers: "followers",
  present: "present",
  offer: "offer",
  join: "join",
  stopPresenting: "stop-presenting",
  hideCursors: "hide-cursors",
  refresh: "refresh",
  refreshNow: "refresh-now",
  variables: "variables",
  variable: (name: string) => `variable-${name}`,
  ring: (item: string) => `ring-${item}`,
  ghost: (item: string) => `ghost-${item}`,
  range: "range",
  rangePanel: "range-panel",
  userMenu: "user-menu",
  devices: "devices",
  ownDevice: "own-device",
  ownTab: "own-tab",
  become: "become",
  recent: "recent",
  reviewButton: "review-button",
  reviewPanel: "review-panel",
  conflict: (item: string) => `conflict-${item}`,
  refused: "refused",
  policiesButton: "policies-button",
  policiesPanel: "policies-panel",
  activityButton: "activity-button",
  activityPanel: "activity-panel",
  activityWho: "activity-who",
  activityWhat: "activity-what",
  rule: "rule",
  dragWarning: "drag-warning",
  fieldWarning: "field-warning",
  fieldEditors: "field-editors",
  undo: "undo",
  redo: "redo",
  addWidget: "add-widget",
  addType: (type: string) => `add-${type}`,
  share: "share",
  export: "export",
  theme: "theme",
  participant: (name: string) => `participant-${name}`,
  handOff: "hand-off",
  draftStart: "draft-start",
  draftBar: "draft-bar",
  draftPublish: "draft-publish",
  draftDiscard: "draft-discard",
  editorPanel: "editor-panel",
  editorClose: "editor-close",
  fieldTitle: "field-title",
  fieldType: "field-type",
  textEditor: "text-editor",
  palette: "palette",
  said: "said",
  alarm: "alarm",
  target: (refId: string) => `target-${refId}`,
} as const;
