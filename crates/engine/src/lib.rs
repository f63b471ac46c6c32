//! The two halves of the sync protocol without input or output: the client machine and the Room.
