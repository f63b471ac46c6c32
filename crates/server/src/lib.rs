//! The driver of rooms: sockets, sessions, HTTP, shutdown.
