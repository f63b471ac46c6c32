//! Measures all cases, or those whose name contains an argument: a line each, nanoseconds and name.
#![allow(clippy::print_stdout, reason = "a program of the command line")]

use coboard_bench::board;
use coboard_bench::measure::{Effort, nanoseconds};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments
        .first()
        .is_some_and(|first| first == "--dashboard")
    {
        let widgets = arguments.get(1).and_then(|count| count.parse().ok());
        println!("{}", board::json(widgets.unwrap_or(board::WIDGETS_100_KB)));
        return;
    }
    let quick = arguments.iter().any(|argument| argument == "--quick");
    let effort = Effort::of(quick);
    let wanted: Vec<&String> = arguments
        .iter()
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    for entry in coboard_bench::cases() {
        if !wanted.is_empty() && !wanted.iter().any(|word| entry.name.contains(word.as_str())) {
            continue;
        }
        let time = nanoseconds(&mut *(entry.make)(), effort);
        println!("{time:.1}\t{}", entry.name);
    }
}
