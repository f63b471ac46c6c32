//! Every limit of the wire and of a document, in one place.
//!
//! A guess is a starting value of 2026-11 that a measurement may change; the others say their source.

/// Largest Socket.IO message or polling body in bytes. Source: slow links and memory per stalled connection.
pub const MESSAGE_BYTES_MAX: usize = 256 * 1024;
/// Largest encoded operation in bytes: a longest string and the one it replaces, with room for the rest.
pub const OPERATION_BYTES_MAX: usize = 160 * 1024;
/// Most bytes of an operation besides its components: ids, base, and the label and the gesture with each
/// character escaped.
pub const OPERATION_HEAD_BYTES_MAX: usize = 4 * 1024;
/// Most operations in one submit.
pub const OPERATIONS_PER_SUBMIT_MAX: usize = 200;
/// Most components in one operation that a client submits. A guess.
pub const COMPONENTS_PER_OPERATION_MAX: usize = 10_000;
/// Longest string in bytes within an operation.
pub const STRING_BYTES_MAX: usize = 64 * 1024;
/// Longest map key in bytes.
pub const KEY_BYTES_MAX: usize = 256;
/// Longest path of a cell in bytes of its pointer text. A guess.
pub const PATH_BYTES_MAX: usize = 4 * 1024;
/// Most steps in one text edit. A guess.
pub const TEXT_PARTS_MAX: usize = 10_000;
/// Deepest nesting of a value, and most keys in a path.
pub const DEPTH_MAX: usize = 32;
/// Most keys in one map.
pub const MAP_KEYS_MAX: usize = 2_000;
/// Most keys in any JSON object of a message: the cells of one operation form the largest.
pub const OBJECT_KEYS_MAX: usize = COMPONENTS_PER_OPERATION_MAX;
/// Most items in one list of an imported document.
pub const LIST_ITEMS_MAX: usize = 10_000;
/// Largest document in bytes of its JSON text.
pub const DOCUMENT_BYTES_MAX: usize = 5 * 1024 * 1024;
/// Most items in a document, deleted ones included. A guess.
pub const DOCUMENT_ITEMS_MAX: usize = 100_000;
/// Longest label of an operation in bytes.
pub const LABEL_BYTES_MAX: usize = 200;
/// Longest display name in characters.
pub const NAME_CHARS_MAX: usize = 60;
/// Longest dashboard title that the catalogue shows, in characters.
pub const TITLE_CHARS_MAX: usize = 300;
/// Longest tag, folder or type that the catalogue shows, in characters. A guess.
pub const CATALOGUE_WORD_CHARS_MAX: usize = 100;
/// Most tags the catalogue shows of one dashboard. A guess.
pub const CATALOGUE_TAGS_MAX: usize = 64;
/// Most widgets in the miniature of one dashboard. A guess: more cannot be told apart at its size.
pub const PREVIEW_WIDGETS_MAX: usize = 64;
/// Most policies of one dashboard. A guess: a component that met something is compared with each.
pub const POLICIES_MAX: usize = 100;
/// Longest identifier of a client, document, user or session in bytes.
pub const ID_BYTES_MAX: usize = 64;
/// Most documents one connection may have joined, each counted once for every client that is in it.
/// A guess: the tabs of a browser share one connection.
pub const DOCUMENTS_PER_CONNECTION_MAX: usize = 64;
/// Most presence messages per second and session.
pub const PRESENCE_PER_SECOND_MAX: u32 = 20;
/// Largest presence state of one session in bytes of JSON. A guess.
pub const PRESENCE_BYTES_MAX: usize = 8 * 1024;
/// Largest view of one session in bytes of JSON. A guess: a place and a time range take a quarter of it.
pub const VIEW_BYTES_MAX: usize = 512;
/// Most connections in the list of a person's own. A guess.
pub const CONNECTIONS_LISTED_MAX: usize = 16;
/// Most documents in that list for each connection. With the others it keeps the list below
/// [`MESSAGE_BYTES_MAX`].
pub const DOCUMENTS_LISTED_MAX: usize = 6;
/// Longest name of a device in characters.
pub const DEVICE_NAME_CHARS_MAX: usize = 60;
/// How long after a look at the list its changes are told, in milliseconds.
pub const DEVICES_WATCH_MS: u64 = 60_000;
/// Time between two presence messages to those who asked for few, in milliseconds, and between two lists
/// of everybody for one session. A guess: whoever comes or goes is seen within two seconds.
pub const PRESENCE_LIGHT_MS: u64 = 2_000;
/// Longest time until somebody who left is told as gone, in milliseconds: with the way there, two seconds.
pub const PRESENCE_LEFT_MS: u64 = 1_000;
/// How long a session outlives a connection that was cut without a word, in milliseconds, unless its client
/// joins again: most are back sooner. A guess.
pub const CUT_GRACE_MS: u64 = 3_000;
/// Sessions of a room that are told of one by one. The people of the rest are counted. A guess: more
/// faces and pointers than these nobody can follow.
pub const PRESENCE_LISTED_MAX: usize = 100;
/// Most sessions that one message about presence brings news of, unless it tells everybody. A guess.
pub const PRESENCE_ENTRIES_MAX: usize = 50;
/// Bytes of states after which no further one goes into the same message. A guess: 64 of the largest
/// states would be two messages of the socket.
pub const PRESENCE_MESSAGE_BYTES: usize = 128 * 1024;
/// Most messages about presence that one room sends in a second, all sessions together: where more
/// listen than a tick allows, the pause between two grows. Of 2,000 a server spends 5 % of a core.
pub const PRESENCE_MESSAGES_PER_SECOND_MAX: u64 = 2_000;
/// Messages that may wait in front of one room. A guess.
pub const ROOM_QUEUE_MAX: usize = 1_024;
/// Sessions in one room. A guess.
pub const SESSIONS_PER_ROOM_MAX: usize = 2_000;
/// Time between two broadcasts of a busy room in milliseconds. A guess.
pub const TICK_MS: u64 = 25;
/// Time between two beacons with a room's head revision, in milliseconds: bounds the repair of a lost last message.
pub const HEAD_BEACON_MS: u64 = 5_000;
/// Time between heartbeats of a connection in milliseconds. With the timeout it bounds how long the dead stay visible.
pub const PING_INTERVAL_MS: u64 = 10_000;
/// Time a heartbeat may stay unanswered in milliseconds.
pub const PING_TIMEOUT_MS: u64 = 5_000;
/// Entries in one catch_up answer that come one by one; what is left comes with the next one.
pub const CATCH_UP_ENTRIES_MAX: usize = 500;
/// Bytes of entries in one catch_up answer: keeps it below [`MESSAGE_BYTES_MAX`].
pub const CATCH_UP_BYTES_MAX: usize = 128 * 1024;
/// Operations that one catch_up answer composes at most; bounds what one request makes the server read. A guess.
pub const CATCH_UP_COMPOSED_MAX: u64 = 20_000;
/// Authors that a composed segment names at most, the newest first. A guess.
pub const AUTHORS_PER_SEGMENT_MAX: usize = 32;
/// Commits between two stored snapshots.
pub const SNAPSHOT_COMMITS: u64 = 256;
/// Recent entries a room keeps in memory; older ones are read from storage.
pub const ROOM_TAIL_MAX: usize = 1_024;
/// Committed messages a client holds back while it waits for older ones. A guess.
pub const HELD_BACK_MAX: usize = 1_000;
/// Steps of undo a client keeps.
pub const UNDO_STEPS_MAX: usize = 200;
/// Operations a client keeps that the server has not acknowledged.
pub const PENDING_MAX: usize = 10_000;
