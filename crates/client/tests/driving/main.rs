//! The client against a server that does as a test tells it: connects, breaks, lies, is silent.

use std::time::Duration;

use coboard_client::{
    Backoff, Client, Connection, DocumentHandle, EditRequest, Event, JoinError, Link, OpenError,
    Options, RequestError, ServerUrl,
};
use coboard_protocol::{ClientId, DocumentId, ErrorCode, User, UserId};
use serde_json::{Value as Json, json};
use tokio::time::timeout;

mod fake;

use fake::{Fake, Fault};

/// Nothing here takes long; a test that hangs must say so.
const PATIENCE: Duration = Duration::from_secs(20);

fn options(fake: &Fake, name: &str) -> Options {
    let user = User {
        id: UserId::try_from(name).expect("legal"),
        name: name.to_owned(),
    };
    let server = ServerUrl::parse(&fake.url()).expect("a URL");
    Options {
        client: ClientId::try_from(name).expect("legal"),
        backoff: Backoff {
            first: Duration::from_millis(5),
            max: Duration::from_millis(50),
        },
        ..Options::open_access(server, user)
    }
}

fn document() -> DocumentId {
    DocumentId::try_from("board").expect("legal")
}

fn add(by: i64) -> EditRequest {
    let json = json!({"label": "count", "steps": [{"add": {"path": "@0/n", "by": by}}]});
    serde_json::from_value(json).expect("an edit")
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(PATIENCE, what)
        .await
        .expect("it does not take that long")
}

async fn open(client: &Client) -> DocumentHandle {
    let handle = client.join(document()).await.expect("it is not open yet");
    soon(handle.wait_for(|status| status.joined && !status.loading))
        .await
        .expect("the client is open");
    handle
}

async fn saved(handle: &DocumentHandle) {
    soon(handle.wait_for(|status| status.pending_count == 0 && !status.loading))
        .await
        .expect("the client is open");
}

async fn number(handle: &DocumentHandle) -> Json {
    let read = handle.read("@0/n").await.expect("the client is open");
    read.expect("there is a number")
}

async fn until_refused(client: &Client) -> Link {
    let mut link = client.link();
    let refused = link.wait_for(|link| matches!(link, Link::Refused(_)));
    soon(refused).await.expect("the client is open").clone()
}

#[tokio::test]
async fn two_clients_see_each_other() {
    let fake = Fake::start().await;
    let (ada, ben) = (
        Client::connect(options(&fake, "ada")),
        Client::connect(options(&fake, "ben")),
    );
    let (a, b) = (open(&ada).await, open(&ben).await);
    let mut news = b.events();
    let edited = a.edit(add(5)).await.expect("the client is open");
    assert_eq!(number(&a).await, 5, "an own edit shows at once");
    saved(&a).await;
    let seen = async {
        loop {
            if let Some(Event::Changed(changed)) = news.next().await {
                return changed.change.expect("it is no reset");
            }
        }
    };
    let change = soon(seen).await;
    assert_eq!((change.client.as_str(), change.revision), ("ada", Some(2)));
    assert_eq!(number(&b).await, 5);
    assert_eq!(b.export().await, a.export().await);
    assert_eq!(
        fake.log_ids(),
        vec![edited.id.expect("it changed something").to_string()]
    );
    let undone = a.undo().await.expect("the client is open");
    assert!(undone.id.is_some());
    soon(b.wait_for(|status| status.revision == 3))
        .await
        .expect("open");
    assert_eq!(number(&b).await, 0);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_made_up_for() {
    let fake = Fake::start().await;
    let client = Client::connect(options(&fake, "ada"));
    let handle = open(&client).await;
    let mut news = handle.events();
    fake.fault(Fault::CutBeforeAnswer);
    handle.edit(add(1)).await.expect("the client is open");
    saved(&handle).await;
    assert_eq!((number(&handle).await, fake.log_ids().len()), (json!(1), 1));
    assert_eq!(handle.traffic().recovered, 1);
    let acks = async {
        let mut acks = 0;
        while let Some(event) = news.next().await {
            acks += usize::from(matches!(event, Event::Ack { .. }));
            if matches!(&event, Event::Status(status) if status.revision == 2) {
                break;
            }
        }
        acks
    };
    assert_eq!(soon(acks).await, 1);
    assert_eq!(fake.connections(), 2);
}

#[tokio::test]
async fn a_submit_that_is_lost_is_sent_again() {
    let fake = Fake::start().await;
    let client = Client::connect(options(&fake, "ada"));
    let handle = open(&client).await;
    fake.fault(Fault::CutBeforeCommit);
    handle.edit(add(1)).await.expect("the client is open");
    saved(&handle).await;
    assert_eq!((number(&handle).await, fake.log_ids().len()), (json!(1), 1));
    let traffic = handle.traffic();
    assert_eq!((traffic.sent, traffic.resent, traffic.recovered), (1, 1, 0));
}

#[tokio::test]
async fn edits_go_on_while_there_is_no_connection() {
    let fake = Fake::start().await;
    let client = Client::connect(options(&fake, "ada"));
    let handle = open(&client).await;
    fake.fault(Fault::Unreachable);
    soon(handle.wait_for(|status| !status.joined))
        .await
        .expect("open");
    for _ in 0..3 {
        handle.edit(add(1)).await.expect("the client is open");
    }
    assert_eq!(
        (number(&handle).await, handle.pending_count()),
        (json!(3), 3)
    );
    assert_eq!(handle.queue().await.expect("open").len(), 3);
    fake.heal();
    saved(&handle).await;
    assert_eq!(fake.log_ids(), ["ada:1", "ada:2", "ada:3"]);
}

#[tokio::test]
async fn a_silent_server_and_one_that_talks_nonsense_are_left() {
    for fault in [
        Fault::Silent,
        Fault::Says("what"),
        Fault::Says("42/admin,[\"x\"]"),
        Fault::Says("1"),
        Fault::Says("41"),
        Fault::Binary,
    ] {
        let fake = Fake::start().await;
        fake.fault(fault);
        let client = Client::connect(options(&fake, "ada"));
        open(&client).await;
        assert!(fake.connections() > 1, "{fault:?}");
    }
}

#[tokio::test]
async fn events_that_nobody_knows_do_no_harm() {
    let fake = Fake::start().await;
    let client = Client::connect(options(&fake, "ada"));
    let handle = open(&client).await;
    fake.say(r#"42["something_new",{"a":1}]"#);
    fake.say(r#"42["committed",{"document":7}]"#);
    fake.say(r#"42["head"]"#);
    fake.say("43999[{}]");
    handle.edit(add(1)).await.expect("the client is open");
    saved(&handle).await;
    assert_eq!(fake.connections(), 1);
}

#[tokio::test]
async fn a_final_refusal_ends_the_attempts() {
    let fake = Fake::start().await;
    fake.fault(Fault::RefuseConnect);
    let client = Client::connect(options(&fake, "ada"));
    let Link::Refused(error) = until_refused(&client).await else {
        panic!("it is refused");
    };
    assert!(matches!(&*error, OpenError::Refused { code } if code == "E_AUTH"));

    let fake = Fake::start().await;
    fake.fault(Fault::RefuseHello);
    let client = Client::connect(options(&fake, "ada"));
    let Link::Refused(error) = until_refused(&client).await else {
        panic!("it is refused");
    };
    assert!(matches!(&*error, OpenError::Hello(body) if body.code == ErrorCode::Version));
    assert_eq!(fake.connections(), 1);
}

#[tokio::test]
async fn a_document_that_does_not_exist_ends() {
    let fake = Fake::start().await;
    let client = Client::connect(options(&fake, "ada"));
    let id = DocumentId::try_from("nowhere").expect("legal");
    let handle = client.join(id.clone()).await.expect("it is not open yet");
    let mut news = handle.events();
    assert_eq!(client.join(id).await.err(), Some(JoinError::AlreadyOpen));
    let ended = async {
        loop {
            match news.next().await {
                Some(Event::Ended { error }) => return error.code,
                Some(_) => {}
                None => panic!("it ends with an event"),
            }
        }
    };
    assert_eq!(soon(ended).await, ErrorCode::NotFound);
}

#[tokio::test]
async fn leaving_and_closing_tell_the_server() {
    let fake = Fake::start().await;
    let client = Client::connect(options(&fake, "ada"));
    open(&client).await.close().await;
    // It can be opened again.
    let handle = open(&client).await;
    assert!(fake.heard("\"leave\""));
    soon(client.close()).await;
    soon(fake.until_heard("41")).await;
    assert!(handle.edit(add(1)).await.is_err());
    assert!(handle.export().await.is_err());
}

#[tokio::test]
async fn a_program_can_ask_without_documents() {
    let fake = Fake::start().await;
    let mut connection = Connection::open(&options(&fake, "ada"), None)
        .await
        .expect("a server");
    assert_eq!(connection.welcome().lineage, "l1");
    let refused = connection
        .request::<Json>("join", &json!({"document": "nowhere"}))
        .await;
    assert!(
        matches!(refused, Err(RequestError::Refused(body)) if body.code == ErrorCode::NotFound)
    );
    let joined: Json = connection
        .request("join", &json!({"document": "board", "revision": 1}))
        .await
        .expect("it is there");
    assert_eq!(joined["head"], 1);
    connection.close().await;
}
