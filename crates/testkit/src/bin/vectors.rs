//! Writes the vectors into a folder: answers anew what it asks already, and adds what it lacks.
//! Look at the difference before committing it: a changed line is a changed promise.
#![allow(clippy::print_stdout, reason = "a program for a person")]

use std::io;
use std::path::{Path, PathBuf};

use coboard_testkit::vectors::File;
use serde_json::Value;

/// Lines of each file but `codec.jsonl`.
const COUNT: u64 = 60;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or("vectors".to_owned()));
    std::fs::create_dir_all(&folder)?;
    for file in File::ALL {
        let path = folder.join(file.name());
        let mut text = String::new();
        for question in questions(file, &path)? {
            let vector = file.answer(&question).map_err(io::Error::other)?;
            text.push_str(&vector.to_string());
            text.push('\n');
        }
        std::fs::write(path, &text)?;
        println!("{}: {} bytes", file.name(), text.len());
    }
    Ok(())
}

/// What the file asks, or fresh questions if there is no file; then what was added by hand since.
fn questions(file: File, path: &Path) -> io::Result<Vec<Value>> {
    let mut questions = match std::fs::read_to_string(path) {
        Ok(text) => text
            .lines()
            .map(serde_json::from_str)
            .collect::<Result<Vec<Value>, _>>()
            .map_err(io::Error::other)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => file.questions(COUNT),
        Err(error) => return Err(error),
    };
    for added in file.added_questions() {
        let asks = |question: &Value| {
            let fields = added.as_object();
            fields.is_some_and(|fields| fields.iter().all(|(name, value)| question[name] == *value))
        };
        if !questions.iter().any(asks) {
            questions.push(added);
        }
    }
    Ok(questions)
}
