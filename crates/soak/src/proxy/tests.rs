//! The proxy on what a server really sent, and as a whole between two sockets.

use rand::SeedableRng;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::flow::{Verdict, wants_upgrade};
use super::frames::{Item, Stream};
use super::packet::{Kind, kind};
use super::*;

/// Recorded from a server: the answer to a submit, then the broadcast, in one read.
const ANSWER: &[u8] = b"\x81W432[{\"ok\":true,\"value\":{\"results\":[{\"id\":{\"client\":\"c1\",\"sequence\":1},\"revision\":2}]}}]";
const COMMITTED: &[u8] = b"\x81~\x00\xf342[\"committed\",{\"document\":\"om9kcpcy3uhxp6qy\",\"from\":1,\"to\":2,\"entries\":[{\"id\":{\"client\":\"c1\",\"sequence\":1},\"revision\":2,\"components\":{\"cells\":{\"@0/counters/c0\":{\"a\":1}}},\"meta\":{\"kind\":\"edit\"},\"author\":\"ada\",\"server_time_ms\":1795403555618}]}]";
const CONFLICT: &[u8] = b"\x81~\x00\xc0439[{\"ok\":true,\"value\":{\"results\":[{\"id\":{\"client\":\"c1\",\"sequence\":1},\"error\":{\"code\":\"E_OPID_CONFLICT\",\"retry\":\"never\",\"message\":\"another operation has this id\",\"details\":{\"revision\":2}}}]}}]";
const CONNECTED: &[u8] = b"\x81\x1c40{\"sid\":\"p3AxpfzqoAnZ0E4A\"}";
const PING: &[u8] = b"\x81\x012";
const HEAD: &[u8] =
    b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n";

/// The kinds of the messages, with all bytes that were handed out.
fn cut(pieces: &[&[u8]]) -> (Vec<Kind>, Vec<u8>) {
    let mut stream = Stream::new();
    let (mut kinds, mut bytes) = (Vec::new(), Vec::new());
    for piece in pieces {
        stream.push(piece);
        while let Some(item) = stream.next() {
            match item {
                Item::Bytes(raw) => bytes.extend(raw),
                Item::Message { raw, payload } => {
                    bytes.extend(raw);
                    kinds.push(kind(&payload));
                }
            }
        }
    }
    (kinds, bytes)
}

const ALL: [Kind; 5] = [
    Kind::Other,
    Kind::Other,
    Kind::SubmitAnswer,
    Kind::Committed,
    Kind::SubmitAnswer,
];

fn recorded() -> Vec<u8> {
    [HEAD, PING, CONNECTED, ANSWER, COMMITTED, CONFLICT].concat()
}

#[test]
fn messages_are_found_in_one_read_and_byte_by_byte() {
    let all = recorded();
    let single: Vec<&[u8]> = all.chunks(1).collect();
    for pieces in [vec![&all[..]], single, all.chunks(7).collect()] {
        let (kinds, bytes) = cut(&pieces);
        assert_eq!(kinds, ALL);
        assert_eq!(bytes, all);
    }
}

#[test]
fn a_fragmented_message_is_one_and_a_ping_between_its_frames_passes_at_once() {
    let payload = &COMMITTED[4..];
    let (begin, end) = payload.split_at(100);
    let frame = |first: u8, part: &[u8]| {
        let length = u16::try_from(part.len()).expect("short").to_be_bytes();
        [&[first, 126][..], &length, part].concat()
    };
    let (begin, end) = (frame(0x01, begin), frame(0x80, end));
    let ping = [0x89, 0x00];
    let mut stream = Stream::new();
    stream.push(&[HEAD, &begin, &ping, &end].concat());
    assert_eq!(stream.next(), Some(Item::Bytes(HEAD.to_vec())));
    assert_eq!(stream.next(), Some(Item::Bytes(ping.to_vec())));
    let message = Item::Message {
        raw: [begin, end].concat(),
        payload: payload.to_vec(),
    };
    assert_eq!(stream.next(), Some(message));
    assert_eq!(stream.next(), None);
}

#[test]
fn what_is_no_websocket_passes_as_it_is() {
    let plain = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n\x81\x012\x00";
    assert_eq!(cut(&[plain]), (Vec::new(), plain.to_vec()));
    let masked = [HEAD, b"\x81\x81abcd\x00"].concat();
    assert_eq!(cut(&[&masked]), (Vec::new(), masked.clone()));
}

#[test]
fn beacons_and_other_answers_are_told_apart() {
    assert_eq!(kind(br#"42["head",{"revision":2}]"#), Kind::Head);
    assert_eq!(kind(br#"42["presence",{}]"#), Kind::Other);
    assert_eq!(
        kind(br#"431[{"ok":true,"value":{"session":"s"}}]"#),
        Kind::Other
    );
    assert!(wants_upgrade(
        b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: WebSocket\r\n\r\n"
    ));
    assert!(!wants_upgrade(b"GET / HTTP/1.1\r\nHost: upgrade\r\n\r\n"));
}

fn message(frame: &[u8]) -> Item {
    let mut stream = Stream::new();
    stream.push(&[HEAD, frame].concat());
    let _head = stream.next();
    stream.next().expect("a message")
}

#[tokio::test]
async fn a_plan_hits_its_share_and_nothing_else() {
    let (plan, seen) = watch::channel(Plan {
        drop_committed: 10,
        ..Plan::default()
    });
    let shared = Shared::default();
    let mut flow = Flow::new(seen, shared.clone(), StdRng::seed_from_u64(1));
    for _ in 0..1_000 {
        flow.judge(&message(COMMITTED));
        assert_eq!(flow.judge(&message(ANSWER)), Verdict::Pass);
    }
    let counts = shared.lock().counts.clone();
    assert!(
        (60..140).contains(&counts.committed_dropped),
        "{}",
        counts.committed_dropped
    );
    assert_eq!(counts.committed_passed + counts.committed_dropped, 1_000);
    plan.send_replace(Plan {
        cut_answers: 100,
        ..Plan::default()
    });
    assert_eq!(flow.judge(&message(ANSWER)), Verdict::Cut);
    assert_eq!(flow.judge(&message(COMMITTED)), Verdict::Pass);
    assert_eq!(
        shared.lock().answers,
        [String::from_utf8_lossy(&ANSWER[2..])]
    );
}

#[test]
fn the_same_seed_plans_the_same() {
    let plans = |seed| {
        let mut random = StdRng::seed_from_u64(seed);
        (0..50)
            .map(|_| Plan::random(&mut random))
            .collect::<Vec<_>>()
    };
    assert_eq!(plans(3), plans(3));
    assert_ne!(plans(3), plans(4));
}

/// What a client reads to the end from a server that sends the recorded frames.
async fn through(plan: Plan) -> Vec<u8> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let target = listener.local_addr().expect("an address");
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("a connection");
        let mut head = [0; 1024];
        let _request = socket.read(&mut head).await;
        let _sent = socket.write_all(&recorded()).await;
    });
    let mut random = StdRng::seed_from_u64(1);
    let proxy = Proxy::start(target, &mut random).await.expect("a proxy");
    proxy.set(plan);
    let mut client = TcpStream::connect(proxy.address).await.expect("it listens");
    client
        .write_all(b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n")
        .await
        .expect("it reads");
    let mut bytes = Vec::new();
    // A cut may be a reset.
    let _end = client.read_to_end(&mut bytes).await;
    server.abort();
    bytes
}

#[tokio::test]
async fn a_proxy_cuts_drops_and_refuses() {
    assert_eq!(through(Plan::default()).await, recorded());
    let dropped = through(Plan {
        drop_committed: 100,
        ..Plan::default()
    });
    let rest = [HEAD, PING, CONNECTED, ANSWER, CONFLICT].concat();
    assert_eq!(dropped.await, rest);
    for plan in [
        Plan {
            cut_answers: 100,
            ..Plan::default()
        },
        Plan {
            cut_after: Some(90),
            ..Plan::default()
        },
    ] {
        let bytes = through(plan).await;
        assert!(recorded().starts_with(&bytes));
        assert!(bytes.len() <= [HEAD, PING, CONNECTED].concat().len());
    }
    let refused = through(Plan {
        refuse_upgrades: true,
        ..Plan::default()
    });
    assert!(refused.await.starts_with(b"HTTP/1.1 403 "));
}
