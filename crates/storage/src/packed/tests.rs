//! Packing and reading back, old forms, and bytes that are no packed form.

use coboard_protocol::LogEntry;
use serde_json::{Value as Json, json};

use super::*;

/// Pseudo-random numbers, the same on every run. Source: Numerical Recipes' linear congruence.
struct Random(u64);

impl Random {
    fn below(&mut self, max: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % max
    }

    fn text(&mut self) -> String {
        const TEXTS: [&str; 16] = [
            "",
            "s",
            "0",
            "00",
            "7",
            "+7",
            "18446744073709551615",
            "18446744073709551616",
            "@",
            "@1",
            "@1/x",
            "@01/x",
            "@1/",
            "@17/gridPos/x",
            "/gridPos/x",
            "é🙂\u{0}",
        ];
        match self.below(4) {
            0 => "x".repeat(self.below(200) as usize),
            1 => format!("k{}", self.below(300)),
            _ => TEXTS[self.below(16) as usize].to_owned(),
        }
    }

    fn json(&mut self, depth: usize) -> Json {
        match self.below(if depth > 5 { 9 } else { 11 }) {
            0 => Json::Null,
            1 => Json::Bool(self.below(2) == 1),
            2 => json!(self.below(80)),
            3 => json!(-(self.below(80) as i64)),
            4 => json!([0, 63, 64, 127, 128, u64::MAX, u64::MAX >> 1][self.below(7) as usize]),
            5 => json!([i64::MIN, i64::MAX, -1, -64, -65, -128, -129][self.below(7) as usize]),
            6 => json!([0.5, -1.0, 1e300, 5e-324, f64::MAX, 0.1, 1e20][self.below(7) as usize]),
            7 | 8 => Json::String(self.text()),
            9 => (0..self.below(6)).map(|_| self.json(depth + 1)).collect(),
            _ => (0..self.below(6))
                .map(|_| (self.text(), self.json(depth + 1)))
                .collect(),
        }
    }
}

#[test]
fn whatever_is_packed_comes_back_equal() {
    let mut random = Random(1);
    for case in 0..20_000 {
        let json = random.json(0);
        let packed = write(&json);
        assert_eq!(packed[0], VERSION);
        assert_eq!(read(&packed), Ok(json), "case {case}");
    }
}

#[test]
fn any_bytes_end_as_json_or_as_an_error() {
    let mut random = Random(2);
    let (mut good, mut bad) = (0, 0);
    for _ in 0..20_000 {
        let mut bytes = write(&random.json(0));
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len() as u64) as usize;
            match random.below(3) {
                0 => bytes.truncate(at.max(1)),
                1 => bytes[at] = random.below(256) as u8,
                _ => bytes.insert(at, random.below(256) as u8),
            }
        }
        match read(&bytes) {
            // What is read can be written and read again.
            Ok(json) => {
                good += 1;
                assert_eq!(read(&write(&json)), Ok(json));
            }
            Err(_) => bad += 1,
        }
        let noise: Vec<u8> = std::iter::once(VERSION)
            .chain((0..random.below(60)).map(|_| random.below(256) as u8))
            .collect();
        let _ = read(&noise);
    }
    assert!(good > 500 && bad > 5_000, "{good} good, {bad} bad");
}

#[test]
fn damage_has_a_name() {
    let nested = [&[VERSION][..], &[10, 1].repeat(DEPTH_MAX + 1), &[0]].concat();
    for (bytes, error) in [
        (&[][..], UnpackError::Version),
        (&[2, 0], UnpackError::Version),
        (&[VERSION], UnpackError::End),
        (&[VERSION, 0, 0], UnpackError::LeftOver),
        (&[VERSION, 12], UnpackError::Kind),
        (
            &[VERSION, 10, 0xff, 0xff, 0xff, 0xff, 0x0f],
            UnpackError::End,
        ),
        (&[VERSION, 6, 5, b'a'], UnpackError::End),
        (&[VERSION, 6, 1, 0xff], UnpackError::Unicode),
        (&[VERSION, 7, 96], UnpackError::Kind),
        (
            &[
                VERSION, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2,
            ],
            UnpackError::Kind,
        ),
        (
            &[VERSION, 5, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f],
            UnpackError::Kind,
        ),
        (
            &[VERSION, 11, 2, 0x80, 0, 0x80, 0],
            UnpackError::DuplicateKey,
        ),
        (&[VERSION, 11, 1, 0, 0], UnpackError::Kind),
        (&nested, UnpackError::TooDeep),
    ] {
        assert_eq!(read(bytes), Err(error), "{bytes:?}");
    }
}

fn entry() -> Json {
    json!({
        "id": {"client": "c-9f3k2m8q7w1x5z4v", "sequence": 7}, "revision": 42, "author": "u-anna",
        "server_time_ms": 1_795_378_277_345_u64,
        "components": {"cells": {"@17/gridPos/x": {"s": [0, 12]}, "@17/gridPos/y": {"s": [8, 16]}}},
        "meta": {"kind": "edit", "label": "move widget"},
    })
}

#[test]
fn text_of_before_and_packed_form_are_the_same_entry() {
    let text = read(entry().to_string().as_bytes()).expect("JSON text");
    let packed = read(&write(&entry())).expect("packed");
    assert_eq!(text, packed);
    let entry: LogEntry = serde_json::from_value(packed).expect("an entry");
    assert_eq!(serde_json::to_value(&entry).expect("JSON"), self::entry());
}

#[test]
fn a_drag_of_a_widget_takes_two_fifths_of_its_text() {
    let (packed, text) = (write(&entry()).len(), entry().to_string().len());
    assert!(packed * 5 < text * 2, "{packed} of {text} bytes");
}

/// The longest string that is remembered, and the shortest that is not: the strings after it are
/// known by their number.
#[test]
fn reader_and_writer_remember_the_same_strings() {
    for len in [REMEMBERED_BYTES_MAX, REMEMBERED_BYTES_MAX + 1] {
        let border = "x".repeat(len);
        let json = json!([border, "after it", border, "after it"]);
        assert_eq!(read(&write(&json)), Ok(json), "{len}");
    }
}
