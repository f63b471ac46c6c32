//! A copy beside a running server, and a server on the copy.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::server::{Server, coboard};

/// What `backup` prints, or what it says is wrong.
fn backup(data: &Path, to: &Path) -> Result<String, String> {
    let mut command = coboard();
    let command = command.arg("backup").arg("--data").arg(data).arg(to);
    let output = command.output().expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("it is text");
    match output.status.code() {
        Some(0) => Ok(text(output.stdout)),
        Some(1) => Err(text(output.stderr)),
        code => panic!("ended with {code:?}"),
    }
}

#[test]
fn a_server_on_a_copy_has_what_the_one_had_that_was_running() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, to) = (folder.path().join("data"), folder.path().join("copy"));
    let server = Server::start(&data);
    let board = folder.path().join("board.json");
    let content = json!({"title": "T", "panels": [{"id": 1, "title": "CPU"}], "n": 1.5});
    fs::write(&board, content.to_string()).expect("it is written");
    let id = server.printed(&["import", &board.display().to_string()]);
    let text = backup(&data, &to).expect("it is made");
    // The sample, and the one that was imported.
    assert!(text.starts_with("2 dashboards, "), "{text}");
    assert!(
        text.ends_with(&format!("B, in {}\n", to.display())),
        "{text}"
    );
    let there = backup(&data, &to).expect_err("it is there already");
    assert!(there.contains("exists; give another name"), "{there}");

    let other = folder.path().join("other");
    fs::create_dir(&other).expect("a folder");
    fs::copy(&to, other.join("coboard.sqlite")).expect("it is copied");
    let restored = Server::start(&other);
    assert_eq!(restored.exported(&id), content);
    assert_eq!(restored.printed(&["list"]), server.printed(&["list"]));
    assert_ne!(lineage(&restored, &id), lineage(&server, &id));
}

/// Which history a dashboard of a server is in.
fn lineage(server: &Server, id: &str) -> Value {
    let url = format!("{}/api/dashboards/{id}/snapshot", server.url);
    let request = ureq::get(url).header("authorization", "Bearer open:ann:Ann");
    let mut answer = request.call().expect("an answer");
    let text = answer.body_mut().read_to_string().expect("text");
    let snapshot: Value = serde_json::from_str(&text).expect("it is JSON");
    snapshot["lineage"].clone()
}

#[test]
fn what_cannot_be_copied_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let absent = backup(&data, &folder.path().join("copy")).expect_err("there is none");
    assert!(
        absent.starts_with("coboard: there is no database at "),
        "{absent}"
    );
    assert!(absent.contains("--data"), "{absent}");
    assert!(!data.exists());
    let server = Server::start(&data);
    let missing = folder.path().join("missing").join("copy");
    let missing = backup(&data, &missing).expect_err("it has nowhere to go");
    assert!(missing.contains("a directory that exists"), "{missing}");
    drop(server);
}
