//! Two people in one dashboard.

use serde_json::{Value, json};

use crate::support::{set, start};

#[tokio::test]
async fn a_change_reaches_everybody_and_its_author_gets_an_ack() {
    let server = start().await;
    let id = server.dashboard(json!({"title": "T"})).await;
    let (mut anna, joined) = server.joined(&id, "ca").await;
    let (mut bob, _) = server.joined(&id, "cb").await;
    assert_eq!(
        (&joined["head"], &joined["role"]),
        (&json!(1), &json!("editor"))
    );

    let submitted = anna
        .ok(
            "submit",
            set(&joined, &id, "ca", 1, 1, "@0/title", json!("U")),
        )
        .await;
    assert_eq!(
        submitted["results"],
        json!([{"id": {"client": "ca", "sequence": 1}, "revision": 2}])
    );
    for socket in [&mut anna, &mut bob] {
        let committed = socket.event("committed").await;
        assert_eq!(
            (&committed["from"], &committed["to"]),
            (&json!(1), &json!(2))
        );
        let entry = &committed["entries"][0];
        assert_eq!(
            entry["components"],
            json!({"cells": {"@0/title": {"s": ["T", "U"]}}})
        );
        assert_eq!(
            (&entry["author"], &entry["revision"]),
            (&json!("u"), &json!(2))
        );
    }
}

#[tokio::test]
async fn a_resend_gets_the_same_revision() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut anna, joined) = server.joined(&id, "ca").await;
    let submit = set(&joined, &id, "ca", 1, 1, "@0/a", json!(1));
    let first = anna.ok("submit", submit.clone()).await;
    let (mut again, rejoined) = server.joined(&id, "ca").await;
    let mut resend = submit;
    resend["session"] = rejoined["session"].clone();
    assert_eq!(again.ok("submit", resend).await, first);
    let known =
        json!({"document": id, "revision": 2, "inflight": [{"client": "ca", "sequence": 1}]});
    let third = again.ok("join", known).await;
    assert_eq!(
        third["known"],
        json!([{"id": {"client": "ca", "sequence": 1}, "revision": 2}])
    );
    assert_eq!(third["head"], 2);
}

#[tokio::test]
async fn a_newer_session_of_the_same_client_ends_the_older_one() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut old, joined) = server.joined(&id, "ca").await;
    let (_new, _) = server.joined(&id, "ca").await;
    let ended = old.event("session_ended").await;
    assert_eq!(ended["session"], joined["session"]);
    let late = set(&joined, &id, "ca", 1, 1, "@0/a", json!(1));
    assert_eq!(old.code("submit", late).await, "E_FORBIDDEN");
}

#[tokio::test]
async fn what_was_missed_comes_by_catch_up() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut anna, joined) = server.joined(&id, "ca").await;
    for sequence in 1..=3 {
        anna.ok(
            "submit",
            set(
                &joined,
                &id,
                "ca",
                sequence,
                sequence,
                "@0/a",
                json!(sequence),
            ),
        )
        .await;
    }
    let mut bob = server.greeted("cb").await;
    let rejoined = bob.ok("join", json!({"document": id, "revision": 2})).await;
    let revisions = |catch_up: &Value| -> Vec<u64> {
        let segments = catch_up["segments"].as_array().unwrap();
        segments
            .iter()
            .map(|segment| segment["entry"]["revision"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(revisions(&rejoined["catch_up"]), [3, 4]);
    let ask = json!({"document": id, "session": rejoined["session"], "since": 1});
    assert_eq!(
        revisions(&bob.ok("catch_up", ask).await["catch_up"]),
        [2, 3, 4]
    );
    let future = json!({"document": id, "session": rejoined["session"], "since": 99});
    assert_eq!(
        bob.ok("catch_up", future).await["reset"]["reason"],
        "lineage_changed"
    );
}

#[tokio::test]
async fn much_that_was_missed_comes_composed() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut anna, joined) = server.joined(&id, "ca").await;
    for sequence in 1..=20 {
        let operation = set(
            &joined,
            &id,
            "ca",
            sequence,
            sequence,
            "@0/a",
            json!(sequence),
        );
        anna.ok("submit", operation).await;
    }
    let mut bob = server.greeted("cb").await;
    let rejoined = bob.ok("join", json!({"document": id, "revision": 1})).await;
    let segment = &rejoined["catch_up"]["segments"][0];
    assert_eq!((&segment["from"], &segment["to"]), (&json!(1), &json!(21)));
    assert_eq!(
        segment["components"],
        json!({"cells": {"@0/a": {"s": [[], 20]}}})
    );
    assert_eq!(segment["authors"][0]["count"], 20);
    let ask = json!({"document": id, "session": rejoined["session"], "since": 1, "entries": true});
    let apart = bob.ok("catch_up", ask).await;
    assert_eq!(apart["catch_up"]["segments"].as_array().unwrap().len(), 20);
    // Who made them gets them one by one.
    let again = anna
        .ok("join", json!({"document": id, "revision": 1}))
        .await;
    let segments = again["catch_up"]["segments"].as_array().unwrap();
    assert!(
        segments
            .iter()
            .all(|segment| segment["entry"]["id"]["client"] == "ca")
    );
    assert_eq!(segments.len(), 20);
}

#[tokio::test]
async fn a_joiner_takes_the_snapshot_that_the_reset_names() {
    let server = start().await;
    let id = server
        .dashboard(json!({"title": "T", "panels": [{"type": "text"}]}))
        .await;
    let (_socket, joined) = server.joined(&id, "ca").await;
    let reset = &joined["reset"];
    assert_eq!(reset["reason"], "new");
    let url = reset["snapshot"]["url"].as_str().unwrap();
    let snapshot = server.get(url).await;
    assert_eq!(
        snapshot.header("etag"),
        reset["snapshot"]["etag"].as_str().unwrap()
    );
    assert_eq!(snapshot.header("cache-control"), "no-store");
    let body = snapshot.json();
    assert_eq!(body["revision"], reset["revision"]);
    assert_eq!(
        body["content"]["items"]["0"],
        json!([{"panels": {"$l": "1"}, "title": "T"}, null])
    );
    let known = [("if-none-match", snapshot.header("etag"))];
    assert_eq!(server.send("GET", url, &known, "").await.status, 304);
}

/// The state of a session in a message about presence.
fn state_of(presence: &Value, session: &Value) -> Option<Value> {
    let entries = presence["entries"].as_array().expect("entries");
    let entry = entries.iter().find(|entry| entry["session"] == *session);
    entry.map(|entry| entry["state"].clone())
}

#[tokio::test]
async fn presence_comes_as_each_session_wants_it() {
    let server = start().await;
    let id = server.dashboard(json!({"title": "T"})).await;
    let (mut anna, of_anna) = server.joined(&id, "ca").await;
    let (mut bob, of_bob) = server.joined(&id, "cb").await;
    let (annas, bobs) = (of_anna["session"].clone(), of_bob["session"].clone());
    let tell = |session: &Value, patch: Value, pace: Option<&str>| {
        let mut message = json!({"document": id, "session": session, "patch": patch});
        if let Some(pace) = pace {
            message["pace"] = json!(pace);
        }
        message
    };
    // Each is answered when it stands in the queue of the room: what follows comes behind it.
    anna.ok("presence", tell(&annas, json!({}), Some("none")))
        .await;
    bob.ok(
        "presence",
        tell(&bobs, json!({"cursor": 1, "focus": "a"}), None),
    )
    .await;
    anna.ok("presence", tell(&annas, json!({}), Some("light")))
        .await;
    let whole = loop {
        let presence = anna.event("presence").await;
        if presence["complete"] == true {
            break presence;
        }
        let heard = state_of(&presence, &bobs).is_some_and(|state| state["focus"] == "a");
        assert!(!heard, "{presence}");
    };
    assert_eq!(state_of(&whole, &annas), Some(json!({})));
    assert_eq!(state_of(&whole, &bobs), Some(json!({"focus": "a"})));
    // From then on without what moves, of which whoever wants everything hears.
    let (mut carl, _) = server.joined(&id, "cc").await;
    bob.ok("presence", tell(&bobs, json!({"cursor": 2}), None))
        .await;
    let moved = json!({"cursor": 2, "focus": "a"});
    while state_of(&carl.event("presence").await, &bobs) != Some(moved.clone()) {}
    bob.ok("presence", tell(&bobs, json!({"focus": "b"}), None))
        .await;
    let heard = loop {
        if let Some(state) = state_of(&anna.event("presence").await, &bobs) {
            break state;
        }
    };
    assert_eq!(heard, json!({"focus": "b"}));
}

#[tokio::test]
async fn presence_comes_changes_and_goes() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut anna, _) = server.joined(&id, "ca").await;
    let (mut bob, joined) = server.joined(&id, "cb").await;
    assert_eq!(joined["presence"].as_array().unwrap().len(), 2);
    let session = &joined["session"];
    let is_about_bob = |presence: &Value| presence["entries"][0]["session"] == *session;
    let mut come = anna.event("presence").await;
    while !is_about_bob(&come) {
        come = anna.event("presence").await;
    }
    let patch = json!({"document": id, "session": session, "patch": {"selection": ["7"]}});
    bob.send("presence", &patch.to_string()).await;
    let changed = anna.event("presence").await;
    assert_eq!(changed["entries"][0]["state"], json!({"selection": ["7"]}));
    drop(bob);
    let gone = anna.event("presence").await;
    assert_eq!(gone["left"], json!([session]));
}

#[tokio::test]
async fn leaving_is_seen_at_once_and_ends_the_session() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut anna, _) = server.joined(&id, "ca").await;
    let (mut bob, joined) = server.joined(&id, "cb").await;
    let leave = json!({"document": id, "session": joined["session"]});
    bob.ok("leave", leave.clone()).await;
    bob.ok("leave", leave).await;
    let left = loop {
        let presence = anna.event("presence").await;
        if presence["left"] != json!([]) {
            break presence["left"].clone();
        }
    };
    assert_eq!(left, json!([joined["session"]]));
    let late = set(&joined, &id, "cb", 1, 1, "@0/a", json!(1));
    assert_eq!(bob.code("submit", late).await, "E_FORBIDDEN");
}

#[tokio::test]
async fn ping_tells_the_heads_of_joined_documents_only() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let other = server.dashboard(json!({})).await;
    let (mut anna, _) = server.joined(&id, "ca").await;
    let sessions = json!([{"document": id, "revision": 1}, {"document": other, "revision": 1}]);
    let pong = anna
        .ok("ping", json!({"sent_ms": 5, "sessions": sessions}))
        .await;
    assert_eq!(pong["heads"], json!([{"document": id, "revision": 1}]));
}

#[tokio::test]
async fn many_writers_keep_one_order_without_holes() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let mut writers = Vec::new();
    for writer in 0..4 {
        let client = format!("c{writer}");
        let (mut socket, joined) = server.joined(&id, &client).await;
        let id = id.clone();
        writers.push(tokio::spawn(async move {
            for sequence in 1..=50_u64 {
                let cell = format!("@0/n{writer}");
                let submit = set(&joined, &id, &client, sequence, 1, &cell, json!(sequence));
                socket.ok("submit", submit).await;
            }
            let mut revisions = Vec::new();
            while revisions.len() < 200 {
                let committed = socket.event("committed").await;
                for entry in committed["entries"].as_array().unwrap() {
                    let revision = entry["revision"].as_u64().unwrap();
                    if revisions.last().is_none_or(|last| revision > *last) {
                        revisions.push(revision);
                    }
                }
                if *revisions.last().unwrap() == 201 {
                    break;
                }
            }
            revisions
        }));
    }
    for writer in writers {
        let revisions = writer.await.unwrap();
        let first = revisions[0];
        assert!(revisions.iter().copied().eq(first..=201), "{revisions:?}");
    }
}

#[tokio::test]
async fn what_was_sent_before_leaving_counts() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut other, others) = server.joined(&id, "co").await;
    for round in 1..=20_u64 {
        let client = format!("c{round}");
        let (mut socket, joined) = server.joined(&id, &client).await;
        let head = joined["head"].as_u64().unwrap();
        // Keeps an append outstanding while the others arrive.
        let busy = set(&others, &id, "co", round, head, "@0/busy", json!(round));
        let busy = other.send("submit", &busy.to_string()).await;
        let submit = set(
            &joined,
            &id,
            &client,
            1,
            head,
            &format!("@0/n{round}"),
            json!(round),
        );
        socket.send("submit", &submit.to_string()).await;
        let leave = json!({"document": id, "session": joined["session"]});
        let left = socket.send("leave", &leave.to_string()).await;
        socket.answer(left).await;
        assert_eq!(other.answer(busy).await["ok"], true);
    }
    let export = server
        .get(&format!("/api/dashboards/{id}/export"))
        .await
        .json();
    assert_eq!(export.as_object().unwrap().len(), 21, "{export}");
}

#[tokio::test]
async fn nobody_stays_who_left_before_arriving() {
    let server = start().await;
    let id = server.dashboard(json!({})).await;
    let (mut other, others) = server.joined(&id, "co").await;
    for round in 1..=20_u64 {
        let mut socket = server.greeted(&format!("c{round}")).await;
        let submit = set(&others, &id, "co", round, 1, "@0/busy", json!(round));
        let submit = other.send("submit", &submit.to_string()).await;
        socket
            .send("join", &json!({"document": id}).to_string())
            .await;
        drop(socket);
        other.answer(submit).await;
    }
    let (_last, joined) = server.joined(&id, "last").await;
    let present = |joined: &Value| joined["presence"].as_array().unwrap().len();
    let mut seen = present(&joined);
    for _ in 0..100 {
        if seen == 2 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let (_again, joined) = server.joined(&id, "last").await;
        seen = present(&joined);
    }
    panic!("{seen} are present, two are here");
}
