//! Writes the vectors into a folder. Look at the difference before committing it: a changed line is a changed promise.
#![allow(clippy::print_stdout, reason = "a program for a person")]

use std::io;
use std::path::PathBuf;

use coboard_testkit::vectors::File;

/// Lines of each file but `codec.jsonl`.
const COUNT: u64 = 60;

fn main() -> io::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or("vectors".to_owned()));
    std::fs::create_dir_all(&folder)?;
    for file in File::ALL {
        let mut text = String::new();
        for question in file.questions(COUNT) {
            let vector = file.answer(&question).map_err(io::Error::other)?;
            text.push_str(&vector.to_string());
            text.push('\n');
        }
        std::fs::write(folder.join(file.name()), &text)?;
        println!("{}: {} bytes", file.name(), text.len());
    }
    Ok(())
}
