//! The socket side: what each event of a client does.
//!
//! socketioxide runs the body of a handler inside the connection's read task, in the order the
//! messages came, but spawns the future it returns. So handlers do everything in the body, never
//! wait, and return a finished future.

mod connect;
mod connection;
mod handlers;
mod reply;

pub(crate) use connect::register;
pub(crate) use connection::Connection;
pub(crate) use reply::Reply;
