//! Random dashboards as plain JSON, and what somebody with a text editor makes of them.

use serde_json::{Map, Value as Json, json};

use crate::random::Random;

const WORDS: [&str; 8] = [
    "sum",
    "rate",
    "node",
    "cpu",
    "memory",
    "by",
    "instance",
    "é 漢🙂",
];
const TITLES: [&str; 4] = ["CPU", "Memory", "Disk", "Requests per second"];
const KEYS: [&str; 5] = ["id", "title", "type", "options", "a~/b"];
/// Nesting of values that are made up.
const DEPTH_MAX: usize = 3;

/// Makes versions of a dashboard, each from the one before.
#[derive(Clone, Debug)]
pub struct Versions {
    random: Random,
    next_id: i64,
}

impl Versions {
    /// Versions that are drawn from `random`.
    pub fn new(random: Random) -> Self {
        Self { random, next_id: 1 }
    }

    /// A dashboard of up to eight panels; some are rows with panels of their own.
    pub fn first(&mut self) -> Json {
        let panels: Vec<Json> = (0..self.random.below(9)).map(|_| self.panel(0)).collect();
        json!({
            "title": self.text(),
            "tags": self.tags(),
            "panels": panels,
            "templating": {"list": [{"name": "job", "query": self.text()}, {"name": "node"}]},
            "thresholds": [1, 5, 5, 80],
        })
    }

    /// Another version: a few edits, of panels as wholes or anywhere.
    pub fn next(&mut self, before: &Json) -> Json {
        let mut after = before.clone();
        for _ in 0..1 + self.random.below(4) {
            if self.random.chance(50) {
                self.edit_panels(&mut after);
            } else {
                let steps = 1 + self.random.below(6);
                self.edit_inside(&mut after, steps);
            }
        }
        after
    }

    /// Any value.
    pub fn value(&mut self, depth: usize) -> Json {
        match self.random.below(10) {
            0 => Json::Null,
            1 => Json::from(self.random.chance(50)),
            2 | 3 => Json::from(self.random.below(5)),
            4 => Json::from(self.random.below(4) as f64 + 0.5),
            5 | 6 => self.text(),
            7 | 8 if depth < DEPTH_MAX => {
                let count = self.random.below(4);
                Json::Array((0..count).map(|_| self.value(depth + 1)).collect())
            }
            _ if depth < DEPTH_MAX => self.map(depth),
            _ => json!({}),
        }
    }

    fn map(&mut self, depth: usize) -> Json {
        let mut map = Map::new();
        for _ in 0..self.random.below(4) {
            let value = self.value(depth + 1);
            map.insert(self.key(), value);
        }
        Json::Object(map)
    }

    fn panel(&mut self, depth: usize) -> Json {
        self.next_id += 1;
        let id = self.next_id;
        let title = self.random.pick(&TITLES).copied().unwrap_or_default();
        let x = self.random.below(24);
        if depth == 0 && self.random.chance(30) {
            let panels: Vec<Json> = (0..self.random.below(4)).map(|_| self.panel(1)).collect();
            return json!({"id": id, "type": "row", "title": title, "collapsed": true, "panels": panels});
        }
        json!({
            "id": id, "type": "stat", "title": title, "gridPos": {"x": x, "y": 0, "w": 6, "h": 8},
            "targets": [{"refId": "A", "expr": self.text()}, {"refId": "B", "expr": self.text()}],
            "options": self.map(2),
        })
    }

    fn tags(&mut self) -> Json {
        (0..self.random.below(4)).map(|_| self.word()).collect()
    }

    fn text(&mut self) -> Json {
        let words: Vec<&str> = (0..self.random.below(9)).map(|_| self.word()).collect();
        Json::from(words.join(" "))
    }

    fn word(&mut self) -> &'static str {
        self.random.pick(&WORDS).copied().unwrap_or_default()
    }

    fn key(&mut self) -> String {
        self.random.pick(&KEYS).copied().unwrap_or("a").to_owned()
    }

    /// Takes a panel out, from anywhere; puts one in: the same, a copy or a new one.
    fn edit_panels(&mut self, dashboard: &mut Json) {
        let taken = self.random.chance(80).then(|| {
            let list = self.panels(dashboard)?;
            let count = list.len();
            (count > 0).then(|| list.remove(self.random.below(count)))
        });
        let put = match (taken.flatten(), self.random.below(10)) {
            (_, 0 | 1) => return,
            (Some(mut panel), 2 | 3) => {
                let steps = self.random.below(4);
                self.edit_inside(&mut panel, steps);
                panel
            }
            (Some(panel), _) => panel,
            (None, _) => self.panel(0),
        };
        let copies = 1 + usize::from(self.random.chance(5));
        if let Some(list) = self.panels(dashboard) {
            let index = self.random.below(list.len() + 1);
            list.splice(index..index, std::iter::repeat_n(put, copies));
        }
    }

    /// The panels of the dashboard or of a row.
    fn panels<'a>(&mut self, dashboard: &'a mut Json) -> Option<&'a mut Vec<Json>> {
        let list = dashboard.get_mut("panels")?.as_array_mut()?;
        let is_row = |panel: &Json| panel.get("panels").is_some_and(Json::is_array);
        let rows: Vec<usize> = (0..list.len()).filter(|at| is_row(&list[*at])).collect();
        match self.random.pick(&rows) {
            Some(row) if self.random.chance(60) => list[*row].get_mut("panels")?.as_array_mut(),
            Some(_) | None => Some(list),
        }
    }

    /// Goes down by `steps` and changes what is there.
    fn edit_inside(&mut self, value: &mut Json, steps: usize) {
        match value {
            Json::Object(map) if steps > 0 && !map.is_empty() => {
                let at = self.random.below(map.len());
                if let Some(inner) = map.values_mut().nth(at) {
                    self.edit_inside(inner, steps - 1);
                }
            }
            Json::Array(list) if steps > 0 && !list.is_empty() => {
                let at = self.random.below(list.len());
                self.edit_inside(&mut list[at], steps - 1);
            }
            Json::Object(map) => {
                let key = self.key();
                if self.random.chance(40) {
                    map.remove(&key);
                } else {
                    let value = self.value(1);
                    map.insert(key, value);
                }
            }
            Json::Array(list) => self.edit_list(list),
            Json::String(text) => {
                let word = self.word();
                text.push_str(word);
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => *value = self.value(1),
        }
    }

    fn edit_list(&mut self, list: &mut Vec<Json>) {
        let count = list.len();
        match self.random.below(4) {
            0 if count > 0 => drop(list.remove(self.random.below(count))),
            1 if count > 0 => {
                let (from, to) = (self.random.below(count), self.random.below(count));
                let moved = list.remove(from);
                list.insert(to, moved);
            }
            2 => list.reverse(),
            _ => {
                let value = self.value(1);
                list.insert(self.random.below(count + 1), value);
            }
        }
    }
}
