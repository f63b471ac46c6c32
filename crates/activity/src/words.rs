//! Small words: names in quotation marks, units, durations, kinds of widgets.

use serde_json::Value as Json;

use crate::part::Shown;

/// Characters of a name that a sentence shows. A guess: a longer one fills the line.
const NAME_CHARS_MAX: usize = 60;

/// A name in quotation marks, cut where it is long.
pub(crate) fn quoted(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = name.char_indices().nth(NAME_CHARS_MAX);
    match end {
        Some((end, _)) => format!("“{}…”", name[..end].trim_end()),
        None => format!("“{name}”"),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn joined(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A number of things: `1 widget`, `3 widgets`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// How a value is said after "to"; `None` if it is not.
pub(crate) fn said(value: &Json, shown: Shown) -> Option<String> {
    let text = match value {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        Json::Bool(_) | Json::Null | Json::Array(_) | Json::Object(_) => return None,
    };
    if text.is_empty() || text.chars().count() > NAME_CHARS_MAX {
        return None;
    }
    match shown {
        Shown::Not | Shown::Switch(..) | Shown::Range => None,
        Shown::Plain if text == "utc" => Some("UTC".to_owned()),
        Shown::Plain => Some(text),
        Shown::Quoted => Some(quoted(&text)),
        Shown::Unit => Some(unit_word(&text)),
        Shown::Type => Some(type_word(&text)),
        Shown::Duration => Some(duration(&text)),
    }
}

/// What a time range is called: `the last 6 hours`.
pub(crate) fn range(from: &str, to: &str) -> String {
    match from.strip_prefix("now-").and_then(span) {
        Some((count, unit)) if to == "now" && count == 1 => format!("the last {unit}"),
        Some((count, unit)) if to == "now" => format!("the last {count} {unit}s"),
        _ if from == "now/d" && (to == "now/d" || to == "now") => "today".to_owned(),
        _ => format!("{from} – {to}"),
    }
}

fn duration(text: &str) -> String {
    match span(text) {
        Some((1, unit)) => format!("1 {unit}"),
        Some((count, unit)) => format!("{count} {unit}s"),
        None => text.to_owned(),
    }
}

/// `30s` as 30 and `second`.
fn span(text: &str) -> Option<(u64, &'static str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let unit = match &text[digits..] {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "M" => "month",
        "y" => "year",
        _ => return None,
    };
    Some((text[..digits].parse().ok()?, unit))
}

/// What a kind of widget is called.
pub(crate) fn type_word(kind: &str) -> String {
    match kind {
        "" => "widget",
        "timeseries" | "graph" => "time series",
        "stat" | "singlestat" => "single value",
        "bargauge" => "bar gauge",
        "table-old" => "table",
        "piechart" => "pie chart",
        "barchart" => "bar chart",
        "alertlist" => "list of alerts",
        "dashlist" => "list of dashboards",
        other => other,
    }
    .to_owned()
}

fn unit_word(unit: &str) -> String {
    match unit {
        "none" => "no unit",
        "short" => "short numbers",
        "percent" | "percentunit" => "percent",
        "bytes" => "bytes (IEC)",
        "decbytes" => "bytes (SI)",
        "Bps" | "binBps" => "bytes per second",
        "bps" | "binbps" => "bits per second",
        "pps" => "packets per second",
        "ops" => "operations per second",
        "reqps" => "requests per second",
        "iops" => "I/O operations per second",
        "ns" => "nanoseconds",
        "µs" => "microseconds",
        "ms" => "milliseconds",
        "s" => "seconds",
        "m" => "minutes",
        "h" => "hours",
        "celsius" => "degrees Celsius",
        "hertz" => "hertz",
        "watt" => "watts",
        "currencyEUR" => "euros",
        "currencyUSD" => "dollars",
        other => other,
    }
    .to_owned()
}
