//! What the cells of a dashboard are called, by their path.

use coboard_protocol::ot::ItemId;

use crate::object::{Object, Sort};

/// A part of a widget, of a variable, of the dashboard: several cells that people call one thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Part {
    /// Its word in entries.
    pub(crate) id: &'static str,
    /// How people call it.
    pub(crate) words: &'static str,
    /// What one of its elements is called, if it is a list.
    pub(crate) element: &'static str,
    /// How a value of it is said.
    pub(crate) shown: Shown,
}

/// How a value is said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shown {
    /// Not at all: nobody reads a query in a list of news.
    Not,
    /// As it is: a number, a word.
    Plain,
    /// In quotation marks: it is what people wrote.
    Quoted,
    /// As the name of a unit.
    Unit,
    /// As a kind of widget.
    Type,
    /// As a time, `30s`.
    Duration,
    /// As a range, `now-6h`.
    Range,
    /// On or off: what is said where it is set, and where it is not.
    Switch(&'static Switched, &'static Switched),
}

/// What is said of a switch: the word before the name, and the words behind it.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Switched {
    pub(crate) past: &'static str,
    pub(crate) gerund: &'static str,
    /// With the place of the name.
    pub(crate) before: &'static str,
    pub(crate) behind: &'static str,
}

const fn part(id: &'static str, words: &'static str, shown: Shown) -> Part {
    Part {
        id,
        words,
        element: "",
        shown,
    }
}

const fn list(id: &'static str, words: &'static str, element: &'static str) -> Part {
    Part {
        id,
        words,
        element,
        shown: Shown::Not,
    }
}

const fn switched(
    past: &'static str,
    gerund: &'static str,
    before: &'static str,
    behind: &'static str,
) -> Switched {
    Switched {
        past,
        gerund,
        before,
        behind,
    }
}

static SHOW_LEGEND: Switched = switched("showed", "showing", "the legend of ", "");
static HIDE_LEGEND: Switched = switched("hid", "hiding", "the legend of ", "");
static CLEAR: Switched = switched("made", "making", "the background of ", " transparent");
static SOLID: Switched = switched("gave", "giving", "", " its background back");
static TURN_ON: Switched = switched("turned on", "turning on", "", "");
static TURN_OFF: Switched = switched("turned off", "turning off", "", "");
static ALLOW: Switched = switched("made", "making", "", " editable");
static FORBID: Switched = switched("made", "making", "", " read-only");
static SEVERAL: Switched = switched("allowed", "allowing", "several values for ", "");
static ONE: Switched = switched("allowed", "allowing", "only one value for ", "");

/// What cells of a widget belong to, the closest match last. `*` stands for one key or list.
const WIDGET: &[(&str, Part)] = &[
    ("", part("settings", "settings", Shown::Not)),
    ("title", part("title", "title", Shown::Quoted)),
    ("gridPos", part("place", "place", Shown::Not)),
    (
        "description",
        part("description", "description", Shown::Not),
    ),
    ("type", part("type", "type", Shown::Type)),
    (
        "transparent",
        part("background", "background", Shown::Switch(&CLEAR, &SOLID)),
    ),
    ("targets", list("query", "queries", "query")),
    ("targets/*", part("query", "query", Shown::Not)),
    (
        "targets/*/legendFormat",
        part("series_names", "series names", Shown::Quoted),
    ),
    (
        "targets/*/datasource",
        part("data_source", "data source", Shown::Not),
    ),
    (
        "datasource",
        part("data_source", "data source", Shown::Quoted),
    ),
    ("fieldConfig", part("settings", "settings", Shown::Not)),
    (
        "fieldConfig/defaults/unit",
        part("unit", "unit", Shown::Unit),
    ),
    (
        "fieldConfig/defaults/decimals",
        part("decimals", "number of decimals", Shown::Plain),
    ),
    (
        "fieldConfig/defaults/min",
        part("min", "minimum", Shown::Plain),
    ),
    (
        "fieldConfig/defaults/max",
        part("max", "maximum", Shown::Plain),
    ),
    (
        "fieldConfig/defaults/displayName",
        part("display_name", "display name", Shown::Quoted),
    ),
    (
        "fieldConfig/defaults/noValue",
        part("no_value", "text for no data", Shown::Quoted),
    ),
    (
        "fieldConfig/defaults/color",
        part("color", "colours", Shown::Not),
    ),
    (
        "fieldConfig/defaults/color/fixedColor",
        part("color", "colour", Shown::Plain),
    ),
    (
        "fieldConfig/defaults/thresholds",
        part("thresholds", "thresholds", Shown::Not),
    ),
    (
        "fieldConfig/defaults/thresholds/steps",
        list("thresholds", "thresholds", "threshold"),
    ),
    (
        "fieldConfig/defaults/thresholds/steps/*",
        part("thresholds", "thresholds", Shown::Not),
    ),
    (
        "fieldConfig/defaults/mappings",
        list("mappings", "value mappings", "value mapping"),
    ),
    (
        "fieldConfig/defaults/mappings/*",
        part("mappings", "value mappings", Shown::Not),
    ),
    (
        "fieldConfig/defaults/links",
        list("links", "data links", "data link"),
    ),
    (
        "fieldConfig/defaults/custom",
        part("style", "graph style", Shown::Not),
    ),
    (
        "fieldConfig/overrides",
        list("overrides", "field overrides", "field override"),
    ),
    (
        "fieldConfig/overrides/*",
        part("overrides", "field overrides", Shown::Not),
    ),
    ("options", part("display", "display options", Shown::Not)),
    ("options/legend", part("legend", "legend", Shown::Not)),
    (
        "options/legend/showLegend",
        part(
            "legend",
            "legend",
            Shown::Switch(&SHOW_LEGEND, &HIDE_LEGEND),
        ),
    ),
    ("options/tooltip", part("tooltip", "tooltip", Shown::Not)),
    ("options/content", part("text", "text", Shown::Not)),
    (
        "options/mode",
        part("text_format", "text format", Shown::Plain),
    ),
    (
        "options/reduceOptions",
        part("calculation", "calculation", Shown::Not),
    ),
    ("content", part("text", "text", Shown::Not)),
    (
        "transformations",
        list("transformations", "transformations", "transformation"),
    ),
    (
        "transformations/*",
        part("transformations", "transformations", Shown::Not),
    ),
    ("links", list("links", "links", "link")),
    ("links/*", part("links", "links", Shown::Not)),
    ("repeat", part("repeat", "repetition", Shown::Not)),
    ("repeatDirection", part("repeat", "repetition", Shown::Not)),
    ("maxPerRow", part("repeat", "repetition", Shown::Not)),
    (
        "interval",
        part("query_options", "query options", Shown::Not),
    ),
    (
        "maxDataPoints",
        part("query_options", "query options", Shown::Not),
    ),
    ("timeFrom", part("time", "time range", Shown::Not)),
    ("timeShift", part("time", "time shift", Shown::Not)),
    ("panels", list("widgets", "widgets", "widget")),
    ("alert", part("alert", "alert", Shown::Not)),
];

/// What cells of the dashboard itself belong to.
const DASHBOARD: &[(&str, Part)] = &[
    ("", part("settings", "settings", Shown::Not)),
    ("title", part("title", "title", Shown::Quoted)),
    (
        "description",
        part("description", "description", Shown::Not),
    ),
    ("tags", list("tags", "tags", "tag")),
    ("tags/*", part("tags", "tags", Shown::Not)),
    ("folder", part("folder", "folder", Shown::Quoted)),
    ("time", part("time", "default time range", Shown::Range)),
    (
        "refresh",
        part("refresh", "refresh interval", Shown::Duration),
    ),
    ("timezone", part("timezone", "time zone", Shown::Plain)),
    (
        "weekStart",
        part("week_start", "start of the week", Shown::Plain),
    ),
    ("timepicker", part("time_picker", "time picker", Shown::Not)),
    (
        "editable",
        part("editable", "editing", Shown::Switch(&ALLOW, &FORBID)),
    ),
    (
        "graphTooltip",
        part("crosshair", "shared crosshair", Shown::Not),
    ),
    ("templating", list("variables", "variables", "variable")),
    (
        "annotations",
        list("annotations", "annotations", "annotation"),
    ),
    ("links", list("links", "links", "link")),
    ("panels", list("widgets", "widgets", "widget")),
];

const VARIABLE: &[(&str, Part)] = &[
    ("", part("settings", "settings", Shown::Not)),
    ("name", part("title", "name", Shown::Quoted)),
    ("label", part("label", "label", Shown::Quoted)),
    (
        "description",
        part("description", "description", Shown::Not),
    ),
    ("query", part("query", "query", Shown::Not)),
    ("definition", part("query", "query", Shown::Not)),
    ("regex", part("query", "filter", Shown::Not)),
    ("options", list("choices", "choices", "choice")),
    ("options/*", part("choices", "choices", Shown::Not)),
    ("current", part("default", "default value", Shown::Not)),
    (
        "current/text",
        part("default", "default value", Shown::Quoted),
    ),
    (
        "current/value",
        part("default", "default value", Shown::Quoted),
    ),
    (
        "multi",
        part("multi", "selection", Shown::Switch(&SEVERAL, &ONE)),
    ),
    ("type", part("type", "type", Shown::Plain)),
    (
        "datasource",
        part("data_source", "data source", Shown::Quoted),
    ),
    ("sort", part("sort", "order", Shown::Not)),
    ("refresh", part("refresh", "refreshing", Shown::Not)),
];

const ANNOTATION: &[(&str, Part)] = &[
    ("", part("settings", "settings", Shown::Not)),
    ("name", part("title", "name", Shown::Quoted)),
    (
        "enable",
        part("enabled", "state", Shown::Switch(&TURN_ON, &TURN_OFF)),
    ),
    ("expr", part("query", "query", Shown::Not)),
    ("target", part("query", "query", Shown::Not)),
    ("iconColor", part("color", "colour", Shown::Plain)),
    (
        "datasource",
        part("data_source", "data source", Shown::Quoted),
    ),
];

const LINK: &[(&str, Part)] = &[
    ("", part("settings", "settings", Shown::Not)),
    ("title", part("title", "title", Shown::Quoted)),
    ("url", part("address", "address", Shown::Not)),
];

/// Cells that nobody sees: numbers that programs count with.
const UNSEEN: &[&str] = &[
    "id",
    "uid",
    "version",
    "iteration",
    "schemaVersion",
    "pluginVersion",
    "refId",
];

/// What the cell behind `keys` of an object belongs to. `None` if nobody sees it.
pub(crate) fn part_of(object: &Object, keys: &[String]) -> Option<Part> {
    let seen = |key: &String| !UNSEEN.contains(&key.as_str());
    let top = object.item == ItemId::ROOT || keys.len() <= 1;
    if top && !keys.last().is_none_or(seen) && keys.len() == 1 {
        return None;
    }
    let table = match object.sort {
        Sort::Dashboard => DASHBOARD,
        Sort::Widget | Sort::Row => WIDGET,
        Sort::Variable => VARIABLE,
        Sort::Annotation => ANNOTATION,
        Sort::Link => LINK,
    };
    let matching = table.iter().filter(|(path, _)| begins(keys, path));
    let closest = matching.max_by_key(|(path, _)| path.len());
    closest.map(|(_, part)| *part)
}

/// Whether `keys` begin with those of `path`.
fn begins(keys: &[String], path: &str) -> bool {
    let mut wanted = path.split('/').filter(|key| !key.is_empty());
    let mut keys = keys.iter();
    wanted.all(|wanted| {
        keys.next()
            .is_some_and(|key| wanted == "*" || wanted == key)
    })
}
