//! The laws of the algebra on random cases. The program `laws` of the test kit tries many more.

use coboard_testkit::Taste;
use coboard_testkit::laws::{Case, Law};

/// Few enough for every run of the tests, enough to meet each pair of components often.
const CASES: u64 = 200;
const SEED: u64 = 20;
/// Share of cases with a conflict below which the run proves too little.
const MET_PERCENT_MIN: u64 = 5;

#[test]
fn laws_hold_for_structure() {
    try_all(Taste::Structure);
}

#[test]
fn laws_hold_for_text() {
    try_all(Taste::Text);
}

fn try_all(taste: Taste) {
    let seed = std::env::var("SEED").map_or(SEED, |seed| seed.parse().expect("SEED is a number"));
    let (mut pairs, mut met) = (0, 0);
    for number in 0..CASES {
        let case = Case::random(seed, number, taste);
        let outcome = case.check();
        pairs += outcome.pairs;
        met += outcome.met;
        let failure = outcome
            .failures
            .into_iter()
            .find(|(law, _)| taste == Taste::Structure || !law.bends_for_text());
        if let Some((law, seen)) = failure {
            fail(seed, number, taste, law, &seen);
        }
    }
    assert!(met * 100 > pairs * MET_PERCENT_MIN, "{met} of {pairs} met");
}

fn fail(seed: u64, number: u64, taste: Taste, law: Law, seen: &str) {
    let text = match taste {
        Taste::Structure => "",
        Taste::Text => " --text",
    };
    panic!(
        "{} fails; `cargo xtask laws --seed {seed} --case {number}{text}` shows a smaller case\n{seen}",
        law.name()
    );
}
