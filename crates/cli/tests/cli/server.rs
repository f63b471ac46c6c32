//! The binary as a server.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output};
use std::thread::sleep;
use std::time::Duration;

use serde_json::Value;

/// How often a new server is asked whether it is ready, every 50 ms.
const ATTEMPTS: usize = 400;

/// A server that ends with the test.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
}

impl Server {
    /// Starts one on a free port.
    pub(crate) fn start(data: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = free.expect("there is a free port").to_string();
        let child = coboard()
            .args(["serve", "--listen", &address, "--data"])
            .arg(data)
            .spawn()
            .expect("it starts");
        let url = format!("http://{address}");
        let server = Self { child, url };
        let is_ready = || ureq::get(format!("{}/readyz", server.url)).call().is_ok();
        let mut attempts = 0..ATTEMPTS;
        assert!(
            attempts.any(|_| is_ready() || {
                sleep(Duration::from_millis(50));
                false
            }),
            "the server is ready in time"
        );
        server
    }

    /// Runs a command against it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = coboard();
        command.args(arguments).env("COBOARD_SERVER", &self.url);
        command.output().expect("it runs")
    }

    /// What a command prints.
    pub(crate) fn printed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
        let text = String::from_utf8(output.stdout).expect("it is text");
        text.trim().to_owned()
    }

    /// A dashboard.
    pub(crate) fn exported(&self, id: &str) -> Value {
        serde_json::from_str(&self.printed(&["export", id])).expect("it is JSON")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The binary.
pub(crate) fn coboard() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coboard"));
    command.env("COBOARD_LOG", "error");
    command
}
