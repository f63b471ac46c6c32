//! The laws of the algebra on random cases. The program `laws` of the test kit tries many more.

use coboard_testkit::laws::{Case, Law};
use coboard_testkit::{Taste, shrink};

/// Few enough for every run of the tests, enough to meet each pair of components often.
const CASES: u64 = 3_000;
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
    let mut met = 0;
    for number in 0..CASES {
        let case = Case::random(seed, number, taste);
        let outcome = case.check();
        met += u64::from(outcome.met);
        let failure = outcome
            .failures
            .into_iter()
            .find(|(law, _)| taste == Taste::Structure || !law.bends_for_text());
        if let Some((law, seen)) = failure {
            fail(seed, number, &case, law, &seen);
        }
    }
    assert!(met * 100 > CASES * MET_PERCENT_MIN, "{met} of {CASES} met");
}

fn fail(seed: u64, number: u64, case: &Case, law: Law, seen: &str) {
    let small = shrink(case, law);
    panic!(
        "{} fails in case {number}; repeat with SEED={seed}\n{seen}\nshrunk: {small:#?}",
        law.name()
    );
}
