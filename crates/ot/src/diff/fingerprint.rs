//! Hashes of plain JSON, and how alike two values are.

use crate::value::Json;

/// Leaves of a value that are compared. A guess: a panel has some hundred.
const FEATURES_MAX: usize = 256;

/// FNV-1a in 64 bits: the same on every machine. Equal hashes only propose a match.
#[derive(Clone, Copy)]
struct Hasher(u64);

impl Hasher {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self
    }

    fn value(self, json: &Json) -> Self {
        match json {
            Json::Null => self.bytes(b"n"),
            Json::Bool(b) => self.bytes(&[b'b', u8::from(*b)]),
            Json::Int(i) => self.bytes(b"i").bytes(&i.to_le_bytes()),
            Json::Float(f) => self.bytes(b"f").bytes(&f.to_bits().to_le_bytes()),
            Json::Str(s) => self.bytes(b"s").bytes(s.as_bytes()).bytes(&[0xff]),
            Json::List(list) => {
                let inside = list.iter().fold(self.bytes(b"["), Self::value);
                inside.bytes(b"]")
            }
            Json::Map(map) => {
                let inside = map.iter().fold(self.bytes(b"{"), |hasher, (key, json)| {
                    hasher.bytes(key.as_bytes()).bytes(&[0xff]).value(json)
                });
                inside.bytes(b"}")
            }
        }
    }
}

/// A hash of a whole value.
pub(super) fn hash(json: &Json) -> u64 {
    Hasher::new().value(json).0
}

/// The features of a value, sorted: each leaf with the keys that lead to it; of a string its words.
pub(super) fn features(json: &Json) -> Vec<u64> {
    let mut out = Vec::new();
    if let Json::Str(text) = json {
        let words = text.split_whitespace().take(FEATURES_MAX);
        out.extend(words.map(|word| Hasher::new().bytes(word.as_bytes()).0));
    } else {
        gather(json, Hasher::new(), &mut out);
    }
    out.sort_unstable();
    out
}

fn gather(json: &Json, above: Hasher, out: &mut Vec<u64>) {
    if out.len() >= FEATURES_MAX {
        return;
    }
    match json {
        Json::Map(map) => {
            for (key, json) in map {
                gather(json, above.bytes(key.as_bytes()).bytes(b"/"), out);
            }
        }
        Json::List(list) => list
            .iter()
            .for_each(|json| gather(json, above.bytes(b"["), out)),
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Float(_) | Json::Str(_) => {
            out.push(above.value(json).0);
        }
    }
}

/// How much of two values is the same, from 0 to 100 (Dice's coefficient in percent).
pub(super) fn likeness(a: &[u64], b: &[u64]) -> usize {
    let (mut rest_a, mut rest_b, mut common) = (a, b, 0);
    while let (Some((first_a, tail_a)), Some((first_b, tail_b))) =
        (rest_a.split_first(), rest_b.split_first())
    {
        if first_a == first_b {
            common += 1;
        }
        if first_a <= first_b {
            rest_a = tail_a;
        }
        if first_b <= first_a {
            rest_b = tail_b;
        }
    }
    200 * common / (a.len() + b.len()).max(1)
}
