//! The binary against a server of its own: a file over a dashboard that somebody changed meanwhile.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output};
use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};

/// How often a new server is asked whether it is ready, every 50 ms.
const ATTEMPTS: usize = 400;

/// A server that ends with the test.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start(data: &Path) -> Self {
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

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = coboard();
        command.args(arguments).env("COBOARD_SERVER", &self.url);
        command.output().expect("it runs")
    }

    /// What a command prints.
    fn printed(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {error}");
        let text = String::from_utf8(output.stdout).expect("it is text");
        text.trim().to_owned()
    }

    fn exported(&self, id: &str) -> Value {
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

fn coboard() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coboard"));
    command.env("COBOARD_LOG", "error");
    command
}

#[test]
fn a_file_over_a_dashboard_merges_with_what_came_since_its_base() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(&folder.path().join("data"));
    let file = |name: &str, board: &Value| {
        let path = folder.path().join(name);
        fs::write(&path, board.to_string()).expect("it is written");
        path.display().to_string()
    };
    let board = json!({"title": "T", "panels": [{"id": 1, "x": 0}, {"id": 2, "x": 0}]});
    let id = server.printed(&["import", &file("first", &board)]);

    // Somebody else's version, then one that was made on the same revision.
    let theirs = json!({"title": "T", "panels": [{"id": 1, "x": 7}, {"id": 2, "x": 0}]});
    assert_eq!(
        server.printed(&["import", "--over", &id, &file("theirs", &theirs)]),
        id
    );
    assert_eq!(server.exported(&id), theirs);
    let mine = json!({"title": "U", "panels": [{"id": 2, "x": 0}, {"id": 1, "x": 0}]});
    let mine = file("mine", &mine);
    server.printed(&["import", "--over", &id, "--base", "1", &mine]);
    let merged = json!({"title": "U", "panels": [{"id": 2, "x": 0}, {"id": 1, "x": 7}]});
    assert_eq!(server.exported(&id), merged);

    for refused in [
        vec!["import", "--over", &id, "--base", "99", &mine],
        vec!["import", "--over", "nowhere", &mine],
        vec!["import", "--over", "../x", &mine],
        vec!["import", "--over", &id, &mine, &mine],
        vec!["import", "--base", "1", &mine],
    ] {
        assert!(!server.run(&refused).status.success(), "{refused:?}");
    }
    assert_eq!(server.exported(&id), merged);
}
