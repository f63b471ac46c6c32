//! The binary against a server of its own.

mod backup;
mod import;
mod server;
