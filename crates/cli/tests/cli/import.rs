//! A file over a dashboard that somebody changed meanwhile.

use std::fs;

use serde_json::{Value, json};

use crate::server::Server;

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
