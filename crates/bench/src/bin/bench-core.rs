//! Measures all cases, or those whose name contains an argument: a line each, nanoseconds and name.
//! With `--growth`: how the cost of an edit grows from 10 KB to 1 MB, a line for each kind.
#![allow(clippy::print_stdout, reason = "a program of the command line")]

use coboard_bench::board;
use coboard_bench::measure::{Effort, growth, nanoseconds};

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
    if arguments.iter().any(|argument| argument == "--growth") {
        return print_growth(effort);
    }
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

/// The same number of places is edited in both. A move is one within the list of all widgets,
/// which has 7 of them in 10 KB and 690 in 1 MB.
fn print_growth(effort: Effort) {
    for what in ["set", "add", "move", "text"] {
        let of = |size: &str| coboard_bench::find(&format!("apply {what}, {size}"));
        if let (Some(small), Some(large)) = (of("10 KB"), of("1 MB")) {
            let ratio = growth(&mut *(small.make)(), &mut *(large.make)(), effort);
            println!("{ratio:.3}\tapply {what}");
        }
    }
}
