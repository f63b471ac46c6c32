//! Changes of a dashboard like those that Grafana writes.

use coboard_protocol::ot::{Conflict, ConflictKind, Document, Intent, ItemId, Path, Value, Winner};
use serde_json::{Value as Json, json};

use crate::world::Act::{self, *};

/// One kind of change.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Who did what, when in seconds, under which label.
    pub(crate) steps: Vec<(&'static str, u64, &'static str, Act)>,
    /// Whether it changes nothing that anybody sees.
    pub(crate) silent: bool,
}

fn case(name: &'static str, act: Act) -> Case {
    steps(name, vec![("ana", 0, "", act)])
}

fn steps(name: &'static str, steps: Vec<(&'static str, u64, &'static str, Act)>) -> Case {
    Case {
        name,
        steps,
        silent: false,
    }
}

fn silent(name: &'static str, act: Act) -> Case {
    Case {
        silent: true,
        ..case(name, act)
    }
}

fn set(path: &str, value: Json) -> Json {
    json!([{"op": "add", "path": path, "value": value}])
}

fn remove(path: &str) -> Json {
    json!([{"op": "remove", "path": path}])
}

fn at(title: &str, x: i64, y: i64, w: i64, h: i64) -> Json {
    let place = |key, value| json!({"op": "add", "path": format!("/{{{title}}}/gridPos/{key}"), "value": value});
    json!([place("x", x), place("y", y), place("w", w), place("h", h)])
}

/// Sets what a widget of title CPU holds.
fn cpu(path: &str, value: Json) -> Act {
    Patch(set(&format!("/{{CPU}}/{path}"), value))
}

fn widget(title: &str, kind: &str, x: i64, y: i64, w: i64, h: i64) -> Json {
    json!({
        "title": title, "type": kind, "gridPos": {"x": x, "y": y, "w": w, "h": h},
        "datasource": "Prometheus", "description": "",
        "targets": [{"refId": "A", "expr": "rate(cpu[5m])", "legendFormat": ""}],
        "fieldConfig": {
            "defaults": {
                "unit": "short", "decimals": 1, "color": {"mode": "fixed", "fixedColor": "red"},
                "thresholds": {"mode": "absolute", "steps": [{"value": null, "color": "green"}, {"value": 80, "color": "red"}]},
                "custom": {"lineWidth": 1}, "mappings": [],
            },
            "overrides": [],
        },
        "options": {"legend": {"showLegend": true, "placement": "bottom"}, "tooltip": {"mode": "single"}},
    })
}

/// The dashboard that every case begins with.
pub(crate) fn base() -> Json {
    json!({
        "id": 5, "version": 3, "title": "Node", "description": "", "tags": ["prod", "linux"], "refresh": "1m", "timezone": "browser",
        "editable": true, "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [
            {"name": "node", "type": "query", "label": "Node", "query": "label_values(node)", "multi": false,
             "current": {"text": "web-1", "value": "web-1"}},
            {"name": "cluster", "type": "custom", "query": "a,b", "current": {"text": "a", "value": "a"}},
        ]},
        "annotations": {"list": [{"name": "Deploys", "enable": true, "expr": "deploys"}]},
        "links": [{"title": "Runbook", "url": "https://example.org"}],
        "panels": [
            widget("CPU", "timeseries", 0, 0, 8, 8),
            widget("Memory", "timeseries", 8, 0, 8, 8),
            widget("Load", "stat", 16, 0, 8, 4),
            {"title": "Notes", "type": "text", "gridPos": {"x": 0, "y": 8, "w": 8, "h": 4}, "options": {"mode": "markdown", "content": "Hello"}},
            widget("", "gauge", 16, 4, 8, 4),
            {"title": "Servers", "type": "row", "collapsed": false, "gridPos": {"x": 0, "y": 20, "w": 24, "h": 1}, "panels": []},
            widget("Disk", "timeseries", 0, 21, 12, 6),
            {"title": "Archive", "type": "row", "collapsed": true, "gridPos": {"x": 0, "y": 40, "w": 24, "h": 1}, "panels": [
                widget("Old", "graph", 0, 41, 12, 6), widget("Older", "graph", 12, 41, 12, 6),
            ]},
        ],
    })
}

fn meeting(kind: ConflictKind, winner: Winner, path: Option<&str>) -> Conflict {
    Conflict {
        kind,
        item: ItemId::default(),
        path: path.and_then(Path::parse),
        before: Intent::Absent,
        mine: Intent::Value(Value::Null),
        theirs: Intent::Absent,
        winner,
    }
}

fn of_cpu(document: &Document, conflict: Conflict) -> Conflict {
    let found = document.items().find(
        |(_, item)| matches!(item.value.at("/title"), Some(Value::Str(text)) if &**text == "CPU"),
    );
    Conflict {
        item: found.map(|(item, _)| item).unwrap_or_default(),
        ..conflict
    }
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = whole_widgets();
    cases.extend(places());
    cases.extend(parts_of_widgets());
    cases.extend(dashboard());
    cases.extend(back_and_forth());
    cases.extend(several());
    cases.extend(nothing());
    cases
}

fn whole_widgets() -> Vec<Case> {
    vec![
        case(
            "add a widget",
            Patch(set(
                "/panels/-",
                widget("Network", "timeseries", 8, 8, 8, 8),
            )),
        ),
        case(
            "add a widget without a title",
            Patch(set("/panels/-", widget("", "stat", 8, 8, 8, 8))),
        ),
        case(
            "add a row",
            Patch(set(
                "/panels/-",
                json!({"type": "row", "title": "Disks", "collapsed": false, "panels": [], "gridPos": {"x": 0, "y": 60, "w": 24, "h": 1}}),
            )),
        ),
        case("delete a widget", Patch(remove("/{CPU}"))),
        case(
            "delete a widget without a title",
            Patch(remove("/panels/4")),
        ),
        case("delete a folded row", Patch(remove("/{Archive}"))),
        steps(
            "delete and bring back a widget",
            vec![
                ("ana", 0, "remove CPU", Patch(remove("/{CPU}"))),
                ("ben", 9, "bring back CPU", BringBack("CPU")),
            ],
        ),
        steps(
            "duplicate a widget",
            vec![(
                "ana",
                0,
                "duplicate CPU",
                Patch(set("/panels/-", widget("CPU", "timeseries", 0, 12, 8, 8))),
            )],
        ),
        case("rename a widget", cpu("title", json!("Load of the CPU"))),
        case(
            "name a widget",
            Patch(set("/panels/4/title", json!("Fuel"))),
        ),
        case("take a title away", cpu("title", json!(""))),
        case(
            "rename a row",
            Patch(set("/{Servers}/title", json!("Machines"))),
        ),
        case(
            "a very long title",
            cpu(
                "title",
                json!(
                    "A title that goes on and on, and says more than anybody wants to read in one line"
                ),
            ),
        ),
        case(
            "turn a widget into another kind",
            cpu("type", json!("stat")),
        ),
    ]
}

fn places() -> Vec<Case> {
    vec![
        case("move to the right", Patch(at("CPU", 10, 60, 8, 8))),
        case("move to the side", Patch(at("Notes", 8, 8, 8, 4))),
        case("move to the left", Patch(at("Load", 12, 60, 8, 4))),
        case("move down", Patch(at("Notes", 0, 12, 8, 4))),
        case("move up", Patch(at("Disk", 0, 19, 12, 6))),
        steps(
            "move down onto others, which make way",
            vec![("ana", 0, "move Memory", Patch(at("Memory", 8, 2, 8, 8)))],
        ),
        case(
            "move onto others, which make way",
            Patch(at("Notes", 0, 0, 8, 4)),
        ),
        case("make wider", Patch(at("Notes", 0, 8, 12, 4))),
        case("make narrower", Patch(at("CPU", 0, 0, 6, 8))),
        case(
            "make taller, others make way",
            Patch(at("CPU", 0, 0, 8, 12)),
        ),
        case("make shorter", Patch(at("Memory", 8, 0, 8, 4))),
        case(
            "make larger at the upper left corner",
            Patch(at("Disk", 0, 21, 14, 9)),
        ),
        case("make smaller", Patch(at("Memory", 8, 0, 6, 6))),
        case("move and resize", Patch(at("Notes", 10, 9, 12, 5))),
        case("move into an open row", Patch(at("Notes", 12, 22, 8, 4))),
        case("move out of an open row", Patch(at("Disk", 8, 12, 12, 6))),
        case(
            "move into a folded row",
            Patch(json!([{"op": "move", "from": "/{CPU}", "path": "/{Archive}/panels/-"}])),
        ),
        case(
            "move out of a folded row",
            Patch(json!([{"op": "move", "from": "/{Old}", "path": "/panels/-"}])),
        ),
        case(
            "fold a row",
            Patch(json!([
                {"op": "replace", "path": "/{Servers}/collapsed", "value": true},
                {"op": "move", "from": "/{Disk}", "path": "/{Servers}/panels/-"},
            ])),
        ),
        case(
            "unfold a row",
            Patch(json!([
                {"op": "replace", "path": "/{Archive}/collapsed", "value": false},
                {"op": "move", "from": "/{Old}", "path": "/panels/-"},
                {"op": "move", "from": "/{Older}", "path": "/panels/-"},
            ])),
        ),
        case("move a row", Patch(at("Servers", 0, 12, 24, 1))),
    ]
}

fn parts_of_widgets() -> Vec<Case> {
    vec![
        steps(
            "type into a query",
            (0..12)
                .map(|key| ("ana", key, "type", Type("/{CPU}/targets/0/expr", "x")))
                .collect(),
        ),
        case("one letter in a query", Type("/{CPU}/targets/0/expr", "x")),
        case("set a query as a whole", cpu("targets/0/expr", json!("up"))),
        case(
            "add a query",
            cpu("targets/-", json!({"refId": "B", "expr": "up"})),
        ),
        case("remove a query", Patch(remove("/{CPU}/targets/0"))),
        case(
            "name series",
            cpu("targets/0/legendFormat", json!("{{host}}")),
        ),
        case("data source of a widget", cpu("datasource", json!("Loki"))),
        case(
            "type into a text",
            Type("/{Notes}/options/content", " world"),
        ),
        case(
            "text format",
            Patch(set("/{Notes}/options/mode", json!("html"))),
        ),
        case(
            "description",
            cpu("description", json!("What the machines do")),
        ),
        case("unit", cpu("fieldConfig/defaults/unit", json!("percent"))),
        case(
            "unit that is not known",
            cpu("fieldConfig/defaults/unit", json!("furlongs")),
        ),
        case(
            "remove the unit",
            Patch(remove("/{CPU}/fieldConfig/defaults/unit")),
        ),
        case("decimals", cpu("fieldConfig/defaults/decimals", json!(2))),
        case(
            "minimum, for the first time",
            cpu("fieldConfig/defaults/min", json!(0)),
        ),
        case(
            "maximum, for the first time",
            cpu("fieldConfig/defaults/max", json!(100)),
        ),
        case(
            "colour",
            cpu("fieldConfig/defaults/color/fixedColor", json!("blue")),
        ),
        case(
            "colour mode",
            cpu("fieldConfig/defaults/color/mode", json!("palette-classic")),
        ),
        case(
            "threshold",
            cpu("fieldConfig/defaults/thresholds/steps/1/value", json!(90)),
        ),
        case(
            "add a threshold",
            cpu(
                "fieldConfig/defaults/thresholds/steps/-",
                json!({"value": 95, "color": "purple"}),
            ),
        ),
        case(
            "remove a threshold",
            Patch(remove("/{CPU}/fieldConfig/defaults/thresholds/steps/1")),
        ),
        case(
            "hide the legend",
            cpu("options/legend/showLegend", json!(false)),
        ),
        case(
            "place of the legend",
            cpu("options/legend/placement", json!("right")),
        ),
        case("tooltip", cpu("options/tooltip/mode", json!("multi"))),
        case(
            "display name",
            cpu("fieldConfig/defaults/displayName", json!("Usage")),
        ),
        case(
            "graph style",
            cpu("fieldConfig/defaults/custom/lineWidth", json!(3)),
        ),
        case(
            "add a value mapping",
            cpu("fieldConfig/defaults/mappings/-", json!({"type": "value"})),
        ),
        case(
            "add a field override",
            cpu(
                "fieldConfig/overrides/-",
                json!({"matcher": {"id": "byName"}}),
            ),
        ),
        case(
            "add a transformation",
            cpu("transformations", json!([{"id": "merge"}])),
        ),
        case("transparent", cpu("transparent", json!(true))),
        case("repeat", cpu("repeat", json!("node"))),
        case("query options", cpu("maxDataPoints", json!(500))),
        case(
            "something of a plugin",
            cpu("somePlugin", json!({"setting": 7})),
        ),
        case(
            "unit where there was no field config",
            Patch(set(
                "/{Notes}/fieldConfig",
                json!({"defaults": {"unit": "ms"}}),
            )),
        ),
    ]
}

fn dashboard() -> Vec<Case> {
    vec![
        case("all the tags at once", Write("/tags", json!(["eu"]))),
        case(
            "rename the dashboard",
            Patch(set("/title", json!("Nodes of the cluster"))),
        ),
        case(
            "describe the dashboard",
            Patch(set("/description", json!("All nodes"))),
        ),
        case("add a tag", Patch(set("/tags/-", json!("eu")))),
        case("remove a tag", Patch(remove("/tags/0"))),
        case(
            "default time range",
            Patch(
                json!([{"op": "replace", "path": "/time", "value": {"from": "now-6h", "to": "now"}}]),
            ),
        ),
        case(
            "default time range, fixed",
            Patch(
                json!([{"op": "replace", "path": "/time", "value": {"from": "2026-11-01", "to": "2026-11-02"}}]),
            ),
        ),
        case("refresh", Patch(set("/refresh", json!("30s")))),
        case("refresh off", Patch(set("/refresh", json!("")))),
        case("time zone", Patch(set("/timezone", json!("utc")))),
        case("read-only", Patch(set("/editable", json!(false)))),
        case(
            "add a variable",
            Patch(set(
                "/templating/list/-",
                json!({"name": "job", "type": "query"}),
            )),
        ),
        case("delete a variable", Patch(remove("/templating/list/0"))),
        case(
            "rename a variable",
            Patch(set("/templating/list/0/name", json!("host"))),
        ),
        case(
            "query of a variable",
            Patch(set("/templating/list/0/query", json!("up"))),
        ),
        case(
            "default of a variable",
            Patch(json!([
                {"op": "replace", "path": "/templating/list/0/current/text", "value": "web-2"},
                {"op": "replace", "path": "/templating/list/0/current/value", "value": "web-2"},
            ])),
        ),
        case(
            "several values of a variable",
            Patch(set("/templating/list/0/multi", json!(true))),
        ),
        case(
            "order of the variables",
            Patch(
                json!([{"op": "move", "from": "/templating/list/1", "path": "/templating/list/0"}]),
            ),
        ),
        case(
            "add a link",
            Patch(set(
                "/links/-",
                json!({"title": "Wiki", "url": "https://w"}),
            )),
        ),
        case(
            "address of a link",
            Patch(set("/links/0/url", json!("https://example.com"))),
        ),
        case("delete a link", Patch(remove("/links/0"))),
        case(
            "turn an annotation off",
            Patch(set("/annotations/list/0/enable", json!(false))),
        ),
        case("folder", Patch(set("/folder", json!("Team A")))),
        case(
            "import another version",
            Import(
                json!({"title": "Node", "panels": [widget("CPU", "timeseries", 0, 0, 8, 8), widget("New", "stat", 0, 8, 8, 8)]}),
            ),
        ),
    ]
}

fn back_and_forth() -> Vec<Case> {
    let renamed = || ("ana", 0, "rename", cpu("title", json!("Load of the CPU")));
    vec![
        steps("undo a rename", vec![renamed(), ("ana", 3, "", Undo)]),
        steps(
            "undo a delete",
            vec![
                ("ana", 0, "", Patch(remove("/{CPU}"))),
                ("ana", 3, "", Undo),
            ],
        ),
        steps(
            "undo an add",
            vec![
                (
                    "ana",
                    0,
                    "",
                    Patch(set(
                        "/panels/-",
                        widget("Network", "timeseries", 0, 70, 8, 8),
                    )),
                ),
                ("ana", 3, "", Undo),
            ],
        ),
        steps(
            "undo and redo an add",
            vec![
                (
                    "ana",
                    0,
                    "",
                    Patch(set(
                        "/panels/-",
                        widget("Network", "timeseries", 0, 70, 8, 8),
                    )),
                ),
                ("ana", 3, "", Undo),
                ("ana", 4, "", Redo),
            ],
        ),
        steps(
            "undo a move",
            vec![
                ("ana", 0, "", Patch(at("Notes", 8, 8, 8, 4))),
                ("ana", 3, "", Undo),
            ],
        ),
        steps(
            "undo a unit",
            vec![
                (
                    "ana",
                    0,
                    "",
                    cpu("fieldConfig/defaults/unit", json!("percent")),
                ),
                ("ana", 3, "", Undo),
            ],
        ),
        steps(
            "undo typing",
            vec![
                ("ana", 0, "", Type("/{CPU}/targets/0/expr", "x")),
                ("ana", 3, "", Undo),
            ],
        ),
        steps(
            "redo a rename",
            vec![renamed(), ("ana", 3, "", Undo), ("ana", 5, "", Redo)],
        ),
        case(
            "back to a revision",
            Restore("restore revision 7", set("/title", json!("Old name"))),
        ),
        case(
            "one widget back to a revision",
            Restore(
                "restore a part as of revision 7",
                set("/{CPU}/title", json!("Old name")),
            ),
        ),
        case(
            "take back what somebody did",
            Restore(
                "take back changes of ben since revision 7",
                set("/{CPU}/title", json!("Old name")),
            ),
        ),
        case(
            "take back what one did oneself",
            Restore(
                "take back changes of ana since revision 7",
                set("/{CPU}/title", json!("Old name")),
            ),
        ),
        case(
            "write into a query with somebody",
            Meeting(set("/{Notes}/gridPos/x", json!(0)), |document| {
                of_cpu(
                    document,
                    meeting(
                        ConflictKind::TextOverlap,
                        Winner::Mine,
                        Some("/description"),
                    ),
                )
            }),
        ),
        case(
            "write over somebody",
            Meeting(set("/{Notes}/gridPos/x", json!(0)), |document| {
                of_cpu(
                    document,
                    meeting(
                        ConflictKind::LostWrite,
                        Winner::Mine,
                        Some("/fieldConfig/defaults/unit"),
                    ),
                )
            }),
        ),
        case(
            "a policy keeps what somebody wrote",
            Meeting(set("/{Notes}/gridPos/x", json!(0)), |document| {
                of_cpu(
                    document,
                    meeting(
                        ConflictKind::LostWrite,
                        Winner::Theirs,
                        Some("/fieldConfig/defaults/unit"),
                    ),
                )
            }),
        ),
        case(
            "move what somebody moves",
            Meeting(set("/{Notes}/gridPos/x", json!(0)), |document| {
                of_cpu(
                    document,
                    meeting(ConflictKind::ConcurrentMove, Winner::Mine, None),
                )
            }),
        ),
        case(
            "change what somebody deletes",
            Meeting(set("/{Notes}/gridPos/x", json!(0)), |document| {
                of_cpu(
                    document,
                    meeting(ConflictKind::EditInDeleted, Winner::Theirs, Some("/title")),
                )
            }),
        ),
    ]
}

fn several() -> Vec<Case> {
    let both = |first: Json, second: Json| {
        let mut all = first.as_array().cloned().unwrap_or_default();
        all.extend(second.as_array().cloned().unwrap_or_default());
        Json::Array(all)
    };
    vec![
        case(
            "delete two",
            Patch(both(remove("/{Memory}"), remove("/panels/0"))),
        ),
        case(
            "delete four",
            Patch(json!([
                {"op": "remove", "path": "/panels/3"}, {"op": "remove", "path": "/panels/2"},
                {"op": "remove", "path": "/panels/1"}, {"op": "remove", "path": "/panels/0"},
            ])),
        ),
        case(
            "move three together",
            Patch(both(
                at("CPU", 0, 60, 8, 8),
                both(at("Memory", 8, 60, 8, 8), at("Load", 16, 60, 8, 4)),
            )),
        ),
        case(
            "the unit of two",
            Patch(both(
                set("/{CPU}/fieldConfig/defaults/unit", json!("ms")),
                set("/{Memory}/fieldConfig/defaults/unit", json!("ms")),
            )),
        ),
        case(
            "a patch of different things",
            Patch(both(
                set("/title", json!("Hosts")),
                both(
                    remove("/{Load}"),
                    set("/{CPU}/fieldConfig/defaults/unit", json!("ms")),
                ),
            )),
        ),
        case(
            "two parts of one widget",
            Patch(both(
                set("/{CPU}/fieldConfig/defaults/unit", json!("ms")),
                set("/{CPU}/fieldConfig/defaults/decimals", json!(0)),
            )),
        ),
        case(
            "many parts of one widget",
            Patch(both(
                set("/{CPU}/description", json!("D")),
                both(
                    set("/{CPU}/fieldConfig/defaults/unit", json!("ms")),
                    set("/{CPU}/title", json!("C")),
                ),
            )),
        ),
        steps(
            "add and name",
            vec![
                (
                    "ana",
                    0,
                    "add",
                    Patch(set("/panels/-", widget("New widget", "stat", 0, 70, 8, 8))),
                ),
                (
                    "ana",
                    9,
                    "rename",
                    Patch(set("/{New widget}/title", json!("Errors"))),
                ),
            ],
        ),
        steps(
            "two people, one widget",
            vec![
                ("ana", 0, "", cpu("title", json!("A"))),
                ("ben", 5, "", Patch(set("/{A}/title", json!("B")))),
                ("ana", 9, "", Patch(set("/{B}/title", json!("C")))),
            ],
        ),
    ]
}

fn nothing() -> Vec<Case> {
    vec![
        silent(
            "the same title written anew",
            Write("/{CPU}/title", json!("CPU")),
        ),
        silent(
            "the same tags in a new list",
            Write("/tags", json!(["prod", "linux"])),
        ),
        silent(
            "the same time range written anew",
            Write("/time", json!({"from": "now-1h", "to": "now"})),
        ),
        silent("the same title again", cpu("title", json!("CPU"))),
        silent(
            "the same unit again",
            cpu("fieldConfig/defaults/unit", json!("short")),
        ),
        silent(
            "the same tags again",
            Patch(json!([{"op": "replace", "path": "/tags", "value": ["prod", "linux"]}])),
        ),
        silent("the same place again", Patch(at("CPU", 0, 0, 8, 8))),
        silent("the number of a widget", cpu("id", json!(44))),
        silent(
            "the version of the dashboard",
            Patch(set("/version", json!(44))),
        ),
        silent(
            "an empty list where there was none",
            Patch(set("/{Notes}/links", json!([]))),
        ),
        silent(
            "a container that is ensured",
            Ensure("CPU", "/options/more"),
        ),
        silent(
            "a correction by the server",
            Fixup(set("/{CPU}/title", json!("Fixed"))),
        ),
        Case {
            silent: true,
            ..steps(
                "there and back again",
                vec![
                    ("ana", 0, "", cpu("title", json!("Other"))),
                    ("ana", 9, "", Patch(set("/{Other}/title", json!("CPU")))),
                ],
            )
        },
        Case {
            silent: true,
            ..steps(
                "a unit tried and put back",
                vec![
                    (
                        "ana",
                        0,
                        "",
                        cpu("fieldConfig/defaults/unit", json!("percent")),
                    ),
                    (
                        "ana",
                        9,
                        "",
                        cpu("fieldConfig/defaults/unit", json!("short")),
                    ),
                ],
            )
        },
        silent("the same version imported", Import(base())),
    ]
}
