//! Dashboards of a given size, shaped like those of Grafana.

use coboard_protocol::codec::plain_from_json;
use coboard_protocol::ot::{Document, ItemId, ListId, Value};
use coboard_testkit::Random;
use serde_json::{Value as Json, json};

/// Widgets of a dashboard of about 10 KB of JSON.
pub const WIDGETS_10_KB: usize = 7;
/// Widgets of a dashboard of about 100 KB of JSON.
pub const WIDGETS_100_KB: usize = 69;
/// Widgets of a dashboard of about 1 MB of JSON.
pub const WIDGETS_1_MB: usize = 690;

/// A dashboard and where its widgets are.
#[derive(Clone)]
pub struct Board {
    /// The document.
    pub document: Document,
    /// The list of widgets.
    pub panels: ListId,
    /// The widgets in order.
    pub widgets: Vec<ItemId>,
    /// The first query of each widget.
    pub queries: Vec<ItemId>,
}

impl Board {
    /// A dashboard of so many widgets; the same each time.
    pub fn new(widgets: usize) -> Self {
        let plain = plain_from_json(&json(widgets)).expect("the dashboard is legal");
        let document = Document::import(&plain);
        let panels = list_at(&document, ItemId::ROOT, "/panels");
        let widgets: Vec<ItemId> = document.list(panels).map(|(_, item)| item).collect();
        let queries = widgets
            .iter()
            .filter_map(|widget| {
                let targets = list_at(&document, *widget, "/targets");
                document.list(targets).map(|(_, item)| item).next()
            })
            .collect();
        Self {
            document,
            panels,
            widgets,
            queries,
        }
    }
}

fn list_at(document: &Document, item: ItemId, pointer: &str) -> ListId {
    match document.value(item, pointer) {
        Some(Value::List(list)) => *list,
        Some(
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Map(_),
        )
        | None => panic!("{pointer} is a list"),
    }
}

/// The dashboard as JSON.
pub fn json(widgets: usize) -> Json {
    let mut random = Random::new(69, 0);
    let panels: Vec<Json> = (0..widgets)
        .map(|index| widget(index, &mut random))
        .collect();
    json!({
        "uid": "bench", "title": "Service overview", "schemaVersion": 39, "editable": true,
        "tags": ["service", "slo"], "timezone": "browser", "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [
            {"name": "cluster", "type": "query", "query": "label_values(up, cluster)", "multi": true},
            {"name": "job", "type": "query", "query": "label_values(up, job)", "multi": false},
        ]},
        "annotations": {"list": []},
        "panels": panels,
    })
}

const TYPES: [&str; 5] = ["timeseries", "stat", "table", "gauge", "barchart"];
const UNITS: [&str; 4] = ["short", "percentunit", "bytes", "s"];

fn widget(index: usize, random: &mut Random) -> Json {
    let kind = random.pick(&TYPES).copied().unwrap_or("stat");
    let unit = random.pick(&UNITS).copied().unwrap_or("short");
    let source = json!({"type": "prometheus", "uid": format!("source-{}", random.below(4))});
    json!({
        "id": index + 1, "type": kind, "title": format!("Widget {index}"),
        "description": "What it shows, whom to ask, and what to do when it is red.",
        "gridPos": {"x": (index % 2) * 12, "y": (index / 2) * 8, "w": 12, "h": 8},
        "datasource": source, "pluginVersion": "11.1.0",
        "fieldConfig": {
            "defaults": {
                "unit": unit, "decimals": 2, "min": 0,
                "color": {"mode": "palette-classic"},
                "custom": {"lineWidth": 1, "fillOpacity": random.below(30), "showPoints": "never", "spanNulls": false, "axisPlacement": "auto"},
                "thresholds": {"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": random.below(100)}]},
                "mappings": [],
            },
            "overrides": [],
        },
        "options": {
            "legend": {"displayMode": "table", "placement": "bottom", "showLegend": true},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "targets": [{
            "refId": "A", "datasource": source, "legendFormat": "{{instance}}", "interval": "",
            "expr": format!("sum by (instance) (rate(http_requests_total{{job=\"$job\", cluster=~\"$cluster\", code=~\"{}..\"}}[5m])) / sum by (instance) (rate(http_requests_total{{job=\"$job\", cluster=~\"$cluster\"}}[5m]))", random.below(5) + 1),
        }, {
            "refId": "B", "datasource": source, "legendFormat": "limit", "interval": "", "hide": true,
            "expr": format!("max(slo_limit{{job=\"$job\", tier=\"{}\"}})", random.below(3)),
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_what_they_are_called() {
        for (widgets, bytes) in [
            (WIDGETS_10_KB, 10_000.0),
            (WIDGETS_100_KB, 100_000.0),
            (WIDGETS_1_MB, 1_000_000.0),
        ] {
            let ratio = json(widgets).to_string().len() as f64 / bytes;
            assert!((0.8..1.25).contains(&ratio), "{widgets} widgets: {ratio}");
            assert_eq!(Board::new(widgets).queries.len(), widgets);
        }
    }
}
