//! The sentences. All of them are made here, in English, to be read after a name.

use coboard_protocol::ot::{ConflictKind, Winner};
use coboard_protocol::{Kind, UserId};

use crate::event::{Doing, Event, OBJECTS_NAMED_MAX, Rect, Tally};
use crate::object::Object;
use crate::part::{Part, Shown};
use crate::words::{counted, joined, quoted};

/// A verb and what follows it: `moved`, `moving`, `“CPU” to the right`.
struct Phrase {
    past: &'static str,
    gerund: &'static str,
    rest: String,
}

fn phrase(past: &'static str, gerund: &'static str, rest: impl Into<String>) -> Phrase {
    Phrase {
        past,
        gerund,
        rest: rest.into(),
    }
}

/// What was done, to be read after the name of who did it. `name_of` tells how somebody else is called.
pub(crate) fn text(event: &Event, count: u32, name_of: &dyn Fn(&UserId) -> String) -> String {
    let Phrase { past, gerund, rest } = of(event, name_of);
    let rest = if rest.is_empty() {
        rest
    } else {
        format!(" {rest}")
    };
    let text = match event.kind {
        Kind::Undo => format!("undid {gerund}{rest}"),
        Kind::Redo => format!("redid {gerund}{rest}"),
        Kind::Edit | Kind::Restore | Kind::Import | Kind::Fixup => format!("{past}{rest}"),
    };
    if count > 1 && counts(&event.doing) {
        format!("{text} ({count} changes)")
    } else {
        text
    }
}

/// Whether it matters how often it was done: a value is what it is in the end, work on a text is work.
fn counts(doing: &Doing) -> bool {
    match doing {
        Doing::Wrote { .. } | Doing::Parts(_) => true,
        Doing::Set { said, .. } => said.is_none(),
        Doing::Begun { .. }
        | Doing::Imported(_)
        | Doing::BackTo { .. }
        | Doing::TakenBack { .. }
        | Doing::Added { .. }
        | Doing::Deleted { .. }
        | Doing::Restored
        | Doing::Renamed { .. }
        | Doing::Placed { .. }
        | Doing::Into { .. }
        | Doing::OutOf { .. }
        | Doing::Folded(_)
        | Doing::ElementAdded { .. }
        | Doing::ElementRemoved { .. }
        | Doing::Reordered { .. }
        | Doing::Switched { .. }
        | Doing::Met { .. }
        | Doing::Policies
        | Doing::Joined
        | Doing::Left => false,
    }
}

fn of(event: &Event, name_of: &dyn Fn(&UserId) -> String) -> Phrase {
    let names = names(event);
    match &event.doing {
        Doing::Begun { widgets } => begun(event.object(), *widgets),
        Doing::Imported(tally) => imported(*tally),
        Doing::BackTo { revision, whole } => {
            let what = if *whole {
                "the dashboard".to_owned()
            } else {
                names
            };
            let rest = format!("{what} to what it was at revision {revision}");
            phrase("restored", "restoring", rest)
        }
        Doing::TakenBack { author, since } if *author == event.actor => phrase(
            "took back",
            "taking back",
            format!("their own changes since revision {since}"),
        ),
        Doing::TakenBack { author, since } => {
            let rest = format!("{}’s changes since revision {since}", name_of(author));
            phrase("took back", "taking back", rest)
        }
        Doing::Added { copy: false } => phrase("added", "adding", names),
        Doing::Added { copy: true } => phrase("duplicated", "duplicating", names),
        Doing::Deleted { widgets: 0 } => phrase("deleted", "deleting", names),
        Doing::Deleted { widgets } => {
            let inside = counted(*widgets, "widget", "widgets");
            phrase(
                "deleted",
                "deleting",
                format!("{names} with {inside} in it"),
            )
        }
        Doing::Restored => phrase("restored", "restoring", names),
        Doing::Renamed { from, to } => renamed(event.object(), from, to),
        Doing::Placed { from, to } => placed(event, &names, *from, *to),
        Doing::Into { row } => {
            let rest = format!("{names} into {}", row.name());
            phrase("moved", "moving", rest)
        }
        Doing::OutOf { row } => {
            let rest = format!("{names} out of {}", row.name());
            phrase("moved", "moving", rest)
        }
        Doing::Folded(true) => phrase("folded", "folding", names),
        Doing::Folded(false) => phrase("unfolded", "unfolding", names),
        Doing::ElementAdded { part, name } => {
            let what = element(part, name.as_deref());
            phrase("added", "adding", format!("{what} to {names}"))
        }
        Doing::ElementRemoved { part, name } => {
            let what = element(part, name.as_deref());
            phrase("removed", "removing", format!("{what} from {names}"))
        }
        Doing::Reordered { part } => {
            let rest = format!("the {} of {names}", part.words);
            phrase("reordered", "reordering", rest)
        }
        Doing::Set { part, said } => set(event, part, said.as_deref(), &names),
        Doing::Switched { part, on } => switched(part, *on, &names),
        Doing::Wrote { part } => {
            let rest = format!("the {} of {names}", part.words);
            phrase("edited", "editing", rest)
        }
        Doing::Parts(parts) => several_parts(parts, names),
        Doing::Met { kind, winner, part } => met(*kind, *winner, part.as_ref(), &names),
        Doing::Policies => phrase("changed", "changing", "the policies of the dashboard"),
        Doing::Joined => phrase("joined", "joining", ""),
        Doing::Left => phrase("left", "leaving", ""),
    }
}

/// What it was done to: `“CPU”`, `“CPU” and “Memory”`, `“CPU” and 3 other widgets`.
fn names(event: &Event) -> String {
    let first = event.object();
    if event.objects_count <= OBJECTS_NAMED_MAX {
        let names: Vec<String> = event.objects.iter().map(Object::name).collect();
        return joined(&names);
    }
    let others = event.objects_count - 1;
    format!("{} and {others} other {}", first.name(), first.plural())
}

fn begun(dashboard: &Object, widgets: usize) -> Phrase {
    let mut rest = "the dashboard".to_owned();
    if !dashboard.title.is_empty() {
        rest = format!("{rest} {}", quoted(&dashboard.title));
    }
    if widgets > 0 {
        rest = format!("{rest} with {}", counted(widgets, "widget", "widgets"));
    }
    phrase("created", "creating", rest)
}

fn imported(tally: Tally) -> Phrase {
    let Tally {
        added,
        deleted,
        changed,
    } = tally;
    let mut told = Vec::new();
    for (count, what) in [(added, "added"), (deleted, "deleted"), (changed, "changed")] {
        match count {
            0 => {}
            _ if told.is_empty() => {
                told.push(format!("{} {what}", counted(count, "widget", "widgets")));
            }
            _ => told.push(format!("{count} {what}")),
        }
    }
    let mut rest = "another version of the dashboard".to_owned();
    if !told.is_empty() {
        rest = format!("{rest} ({})", told.join(", "));
    }
    phrase("imported", "importing", rest)
}

fn renamed(object: &Object, from: &str, to: &str) -> Phrase {
    let was = Object {
        title: from.trim().to_owned(),
        ..object.clone()
    };
    let named = match object.sort {
        crate::object::Sort::Dashboard if from.trim().is_empty() => "the dashboard".to_owned(),
        crate::object::Sort::Dashboard => format!("the dashboard {}", quoted(from)),
        crate::object::Sort::Widget
        | crate::object::Sort::Row
        | crate::object::Sort::Variable
        | crate::object::Sort::Annotation
        | crate::object::Sort::Link => was.name(),
    };
    match (from.trim().is_empty(), to.trim().is_empty()) {
        (_, true) => phrase("removed", "removing", format!("the title of {named}")),
        (true, false) => phrase("named", "naming", format!("{named} {}", quoted(to))),
        (false, false) => phrase("renamed", "renaming", format!("{named} to {}", quoted(to))),
    }
}

fn placed(event: &Event, names: &str, from: Rect, to: Rect) -> Phrase {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (dw, dh) = (to.w - from.w, to.h - from.h);
    if event.objects_count > 1 {
        return if (dw, dh) == (0, 0) {
            phrase("moved", "moving", names)
        } else {
            phrase("resized", "resizing", names)
        };
    }
    if (dw, dh) == (0, 0) {
        let way = match (dx.signum(), dy.signum()) {
            (0, -1) => "up",
            (0, _) => "down",
            (-1, 0) => "to the left",
            (_, 0) => "to the right",
            (-1, -1) => "up and to the left",
            (-1, _) => "down and to the left",
            (_, -1) => "up and to the right",
            (_, _) => "down and to the right",
        };
        return phrase("moved", "moving", format!("{names} {way}"));
    }
    // An edge that is dragged moves the corner too; that is no move.
    let at_edge = |moved: i64, grown: i64| moved == 0 || moved == -grown;
    if !at_edge(dx, dw) || !at_edge(dy, dh) {
        return phrase("moved and resized", "moving and resizing", names);
    }
    let how = match (dw.signum(), dh.signum()) {
        (0, 1) => "taller",
        (0, _) => "shorter",
        (1, 0) => "wider",
        (-1, 0) => "narrower",
        (1, 1) => "larger",
        (-1, -1) => "smaller",
        (1, _) => "wider and shorter",
        (_, _) => "narrower and taller",
    };
    phrase("made", "making", format!("{names} {how}"))
}

fn element(part: &Part, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("the {} {}", part.element, quoted(name)),
        None => format!("a {}", part.element),
    }
}

fn set(event: &Event, part: &Part, said: Option<&str>, names: &str) -> Phrase {
    if part.shown == Shown::Type {
        return match said {
            Some(kind) => phrase("turned", "turning", format!("{names} into a {kind}")),
            None => phrase("changed", "changing", format!("the type of {names}")),
        };
    }
    if part.shown == Shown::Duration && said.is_none() {
        let rest = "automatic refresh of the dashboard";
        return phrase("turned off", "turning off", rest);
    }
    let what = format!("the {} of {names}", part.words);
    match (said, event.after.is_some() || event.before.is_none()) {
        (Some(said), _) if event.before.is_none() && event.objects_count == 1 => {
            phrase("set", "setting", format!("{what} to {said}"))
        }
        (Some(said), _) => phrase("changed", "changing", format!("{what} to {said}")),
        (None, true) => phrase("changed", "changing", what),
        (None, false) => phrase("removed", "removing", what),
    }
}

fn switched(part: &Part, on: bool, names: &str) -> Phrase {
    let Shown::Switch(yes, no) = part.shown else {
        return phrase(
            "changed",
            "changing",
            format!("the {} of {names}", part.words),
        );
    };
    let words = if on { yes } else { no };
    let rest = format!("{}{names}{}", words.before, words.behind);
    phrase(words.past, words.gerund, rest)
}

fn several_parts(parts: &[Part], names: String) -> Phrase {
    match parts {
        [one, other] if one.id != "settings" && other.id != "settings" => {
            let rest = format!("the {} and the {} of {names}", one.words, other.words);
            phrase("changed", "changing", rest)
        }
        _ => phrase("edited", "editing", names),
    }
}

/// What became of a change that met another one made at the same time.
fn met(kind: ConflictKind, winner: Winner, part: Option<&Part>, names: &str) -> Phrase {
    let what = part.map_or_else(
        || names.to_owned(),
        |part| format!("the {} of {names}", part.words),
    );
    let (past, gerund, behind) = match (kind, winner) {
        (ConflictKind::TextOverlap, _) => (
            "edited",
            "editing",
            "where somebody else was writing; both texts were kept",
        ),
        (ConflictKind::ConcurrentMove, Winner::Mine) => {
            ("moved", "moving", "while somebody else moved it too")
        }
        (ConflictKind::ConcurrentMove, Winner::Theirs) => (
            "tried to move",
            "trying to move",
            "but somebody else's place for it was kept",
        ),
        (ConflictKind::MoveVsDelete, _) => ("moved", "moving", "while somebody else deleted it"),
        (ConflictKind::EditInDeleted | ConflictKind::MoveIntoDeleted, _) => {
            ("changed", "changing", "while somebody else deleted it")
        }
        (ConflictKind::Schema | ConflictKind::Cycle, _) => (
            "tried to change",
            "trying to change",
            "but that did not fit what others had done",
        ),
        (_, Winner::Mine) => (
            "changed",
            "changing",
            "over what somebody else wrote at the same time",
        ),
        (_, Winner::Theirs) => (
            "tried to change",
            "trying to change",
            "but what somebody else wrote was kept",
        ),
    };
    let comma = if behind.starts_with("but") { "," } else { "" };
    phrase(past, gerund, format!("{what}{comma} {behind}"))
}
