//! The sentences of all cases, in a file that people review: `tests/activity/sentences.md`.

use std::fmt::Write;

use expect_test::expect_file;

use crate::cases::{Case, base, cases};
use crate::world::World;

fn told(case: &Case) -> (World, Vec<String>) {
    let mut world = World::new(&base());
    for (who, at_s, label, act) in &case.steps {
        world.act(who, *at_s, label, act);
    }
    let sentences = world.sentences();
    (world, sentences)
}

#[test]
fn every_change_is_told_as_a_person_would_say_it() {
    let mut file = String::from("| change | verb | part | says |\n|---|---|---|---|\n");
    for case in cases() {
        let (world, sentences) = told(&case);
        if sentences.is_empty() {
            writeln!(file, "| {} | – | – | *nothing* |", case.name).expect("it is a string");
        }
        for (entry, sentence) in world.told().iter().zip(sentences) {
            let verb = serde_json::to_value(entry.verb).expect("a verb is a word");
            let verb = verb.as_str().expect("a verb is a word");
            let part = entry.part.as_deref().unwrap_or("–");
            writeln!(file, "| {} | {verb} | {part} | {sentence} |", case.name)
                .expect("it is a string");
        }
    }
    expect_file!["sentences.md"].assert_eq(&file);
}

#[test]
fn there_are_more_than_fifty_kinds_of_change() {
    let telling = cases()
        .iter()
        .filter(|case| !told(case).1.is_empty())
        .count();
    assert!(telling >= 50, "{telling}");
}

#[test]
fn what_changes_nothing_says_nothing() {
    let silent: Vec<_> = cases().into_iter().filter(|case| case.silent).collect();
    assert!(silent.len() >= 8);
    for case in silent {
        assert_eq!(told(&case).1, Vec::<String>::new(), "{}", case.name);
    }
}
