//! Settings of the server, each with its unit and default.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

/// How a server runs.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen. Default `127.0.0.1:7420`; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// Whether to listen beyond this machine although anybody who reaches the server may do anything.
    /// Default false.
    pub insecure_open: bool,
    /// Origins of other hosts that may connect, for example `https://boards.example.org`. Their hosts
    /// are also accepted in `Host`. Default none.
    pub allowed_origins: Vec<String>,
    /// Most TCP connections at once. Default 10,000: 300 MB of idle sockets (measured).
    pub connections_max: usize,
    /// How long a room without sessions stays in memory. Default 30 s.
    pub room_idle: Duration,
    /// Longest time a graceful stop may take. Default 10 s.
    pub stop_timeout: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 7420)),
            insecure_open: false,
            allowed_origins: Vec::new(),
            connections_max: 10_000,
            room_idle: Duration::from_secs(30),
            stop_timeout: Duration::from_secs(10),
        }
    }
}
