//! Real dashboards go in and come out equal: our samples always, the shared corpus where it is present.

use std::fs;
use std::path::{Path, PathBuf};

use coboard_engine::import_components;
use coboard_protocol::codec::{committed, content, plain_from_json, plain_to_json};
use coboard_protocol::ot::{Components, Document, commit};
use serde_json::Value as Json;

fn dashboards(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let Ok(entries) = fs::read_dir(&folder) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    });
    files.sort();
    files
}

fn check(file: &Path) {
    let text = fs::read_to_string(file).expect("a readable file");
    let json: Json = serde_json::from_str(&text).expect("JSON");
    let plain = plain_from_json(&json).expect("within the limits");
    let components = import_components(&plain);
    assert_eq!(
        commit(&Document::new(), components.clone()).components,
        components,
        "{file:?} applies as a whole"
    );

    let mut document = Document::new();
    document.apply(&components);
    assert_eq!(
        plain_to_json(&document.export()),
        normal(json),
        "{file:?} comes out equal"
    );

    let stored = content::from_json(&content::to_json(&document)).expect("a snapshot");
    assert_eq!(stored, document, "{file:?} survives a snapshot");
    let mut log: Vec<u8> = Vec::new();
    committed::serialize(&components, &mut serde_json::Serializer::new(&mut log)).expect("JSON");
    let logged: Components =
        committed::deserialize(&mut serde_json::Deserializer::from_slice(&log)).expect("an entry");
    assert_eq!(logged, components, "{file:?} survives the log");
}

/// JSON does not tell 1.0 from 1, and neither does a document.
fn normal(json: Json) -> Json {
    match json {
        Json::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 9e15 => Json::from(float as i64),
            Some(_) | None => Json::Number(number),
        },
        Json::Array(list) => list.into_iter().map(normal).collect(),
        Json::Object(map) => map
            .into_iter()
            .map(|(key, json)| (key, normal(json)))
            .collect(),
        Json::Null | Json::Bool(_) | Json::String(_) => json,
    }
}

#[test]
fn samples_come_out_equal() {
    let files = dashboards("../../samples");
    assert!(!files.is_empty(), "there are samples");
    files.iter().for_each(|file| check(file));
}

#[test]
fn the_shared_corpus_comes_out_equal() {
    let files = dashboards("../../../shared/corpus/dashboards");
    if files.is_empty() {
        eprintln!("skipped: the shared corpus is not here");
    }
    files.iter().for_each(|file| check(file));
}
