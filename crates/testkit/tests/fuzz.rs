//! The fuzz targets on what is committed: the vectors as a corpus, cut and turned at random, and
//! random bytes. `cargo xtask fuzz` goes on where this ends.

use coboard_testkit::Random;
use coboard_testkit::fuzz::TARGETS;

/// Inputs of each target; the laws on a whole case take longest.
const INPUTS: usize = 400;
const CASES: usize = 40;

/// The JSON of the vectors, each a line.
fn corpus() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/");
    let mut corpus = Vec::new();
    for file in ["codec.jsonl", "compose.jsonl", "commit.jsonl"] {
        let text = std::fs::read_to_string(format!("{folder}{file}")).expect("it is there");
        for line in text.lines() {
            let vector: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let parts = ["json", "first", "next", "components"];
            let parts = parts.iter().filter_map(|part| vector.get(part));
            corpus.extend(parts.map(|part| part.to_string().into_bytes()));
        }
    }
    corpus
}

/// One input: a line of the corpus, sometimes two, sometimes with a byte changed, or only bytes.
fn input(random: &mut Random, corpus: &[Vec<u8>]) -> Vec<u8> {
    if random.chance(25) {
        let count = random.below(200);
        return (0..count).map(|_| random.below(256) as u8).collect();
    }
    let mut bytes = random.pick(corpus).cloned().unwrap_or_default();
    if random.chance(30) {
        bytes.push(b'\n');
        bytes.extend(random.pick(corpus).into_iter().flatten());
    }
    if random.chance(40) {
        let at = random.below(bytes.len());
        bytes[at] = random
            .pick(b"0123456789abt{}[],:\"/@~ ")
            .copied()
            .unwrap_or(0);
    }
    bytes
}

#[test]
fn targets_take_anything() {
    let corpus = corpus();
    assert!(corpus.len() > 200, "{} lines", corpus.len());
    for (index, (name, target)) in TARGETS.into_iter().enumerate() {
        let mut random = Random::new(9, index as u64);
        let count = if name == "transform" { CASES } else { INPUTS };
        for _ in 0..count {
            target(&input(&mut random, &corpus));
        }
    }
}
