//! Random edits whose effect can be told without asking the code under test.

use coboard_client::{EditRequest, Place, Step};
use coboard_protocol::ot::Document;
use rand::Rng;
use rand::rngs::StdRng;
use serde::Serialize;
use serde_json::json;

use crate::board;

/// What an edit is meant to do.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "intent", rename_all = "snake_case")]
pub(crate) enum Intent {
    /// Adds to a counter.
    Add {
        /// Which one.
        counter: usize,
        /// How much.
        by: i64,
    },
    /// Writes a word that nobody else writes between two words of the text.
    Write {
        /// The word.
        word: String,
    },
    /// Deletes a word that the same writer wrote.
    Erase {
        /// The word.
        word: String,
    },
    /// Inserts a panel with a name that no other has.
    Insert {
        /// The name.
        name: String,
    },
    /// Moves some panel somewhere.
    Move,
    /// Sets the cell that everybody sets.
    Set,
}

impl Intent {
    /// Whether the edit may find everything as it would make it: adding 0, moving to the same place.
    pub(crate) fn may_change_nothing(&self) -> bool {
        match self {
            Self::Move | Self::Set => true,
            Self::Add { by, .. } => *by == 0,
            Self::Write { .. } | Self::Erase { .. } | Self::Insert { .. } => false,
        }
    }
}

/// Panels that fit beside each other; a grid has 24 columns.
const PANELS_IN_ROW: u64 = 6;
/// Edits of a writer for which the grid gets a row of panels: with all that are inserted about half
/// of it is taken, so that some make way for others and none pushes all.
const EDITS_PER_ROW: u64 = 8;
/// Edits after which the grid grows no more.
const ROW_EDITS_MAX: u64 = 2_000;
/// Panels that a writer inserts at most, then it moves them: a large dashboard has some hundreds, and
/// to make way for one among thousands is what a run of edits would measure otherwise.
const INSERTED_MAX: u64 = 300;

/// The edits of one writer in one dashboard.
#[derive(Debug)]
pub(crate) struct Author {
    random: StdRng,
    writer: usize,
    made: u64,
    inserted: u64,
    /// Own words that were not erased.
    words: Vec<String>,
}

/// One edit: the intent, and what makes the request of a view.
pub(crate) struct Edit {
    pub(crate) intent: Intent,
    random: StdRng,
    writer: usize,
    /// Which one of the writer's it is, from 1.
    number: u64,
}

impl Author {
    /// The edits of the writer with this number.
    pub(crate) fn new(writer: usize, random: StdRng) -> Self {
        Self {
            random,
            writer,
            made: 0,
            inserted: 0,
            words: Vec::new(),
        }
    }

    /// The next edit.
    pub(crate) fn next(&mut self) -> Edit {
        self.made += 1;
        let unique = format!("{}.{}", self.writer, self.made);
        let intent = match self.random.random_range(0..100) {
            0..30 => Intent::Add {
                counter: self.random.random_range(0..board::COUNTERS),
                by: self.random.random_range(-9..=9_i64),
            },
            30..55 => self.write(format!("[{unique}]")),
            55..65 if self.words.len() > 3 => {
                let index = self.random.random_range(0..self.words.len());
                Intent::Erase {
                    word: self.words.swap_remove(index),
                }
            }
            55..75 if self.inserted < INSERTED_MAX => {
                self.inserted += 1;
                Intent::Insert { name: unique }
            }
            55..90 => Intent::Move,
            _ => Intent::Set,
        };
        Edit {
            intent,
            random: rand::SeedableRng::seed_from_u64(self.random.random()),
            writer: self.writer,
            number: self.made,
        }
    }

    fn write(&mut self, word: String) -> Intent {
        self.words.push(word.clone());
        Intent::Write { word }
    }
}

impl Edit {
    /// What to ask for, given the view it will be made on.
    pub(crate) fn request(mut self, view: &Document) -> EditRequest {
        let step = match &self.intent.clone() {
            Intent::Add { counter, by } => Step::Add {
                path: board::counter_path(*counter),
                by: *by,
            },
            Intent::Write { word } => {
                let at = self.gap(board::text(view));
                text(if at == 0 {
                    json!([word])
                } else {
                    json!([at, word])
                })
            }
            Intent::Erase { word } => {
                let whole = board::text(view);
                let at = whole.find(word.as_str()).unwrap_or(whole.len());
                let length = word.len();
                text(if at == 0 {
                    json!([{"d": length}])
                } else {
                    json!([at, {"d": length}])
                })
            }
            Intent::Insert { name } => Step::Insert {
                list: board::PANELS.to_owned(),
                value: json!({"type": "text", "title": name, "gridPos": self.grid_place()}),
                at: self.place(&board::panels(view)),
                item: None,
            },
            Intent::Move => {
                let mut panels = board::panels(view);
                if panels.is_empty() {
                    set(self.writer, &mut self.random)
                } else {
                    let item = panels.swap_remove(self.random.random_range(0..panels.len()));
                    let at = self.place(&panels);
                    let list = board::PANELS.to_owned();
                    Step::Move { item, list, at }
                }
            }
            Intent::Set => set(self.writer, &mut self.random),
        };
        EditRequest {
            policy: None,
            label: "soak".to_owned(),
            gesture: None,
            atomic: false,
            steps: vec![step],
        }
    }

    /// A place between two words. Everything is ASCII, so bytes are characters.
    fn gap(&mut self, text: &str) -> usize {
        let gaps: Vec<usize> = text.match_indices(']').map(|(at, _)| at + 1).collect();
        match self.random.random_range(0..=gaps.len()) {
            0 => 0,
            index => gaps[index - 1],
        }
    }

    /// Some place on a grid that grows with what was made.
    fn grid_place(&mut self) -> serde_json::Value {
        let rows = 1 + self.number.min(ROW_EDITS_MAX) / EDITS_PER_ROW;
        let column = self.random.random_range(0..PANELS_IN_ROW);
        let row = self.random.random_range(0..rows);
        json!({"x": column * 4, "y": row * 4, "w": 4, "h": 4})
    }

    fn place(&mut self, others: &[String]) -> Place {
        if others.is_empty() {
            return Place::End;
        }
        let neighbour = others[self.random.random_range(0..others.len())].clone();
        match self.random.random_range(0..4) {
            0 => Place::Start,
            1 => Place::End,
            2 => Place::Before(neighbour),
            _ => Place::After(neighbour),
        }
    }
}

fn text(delta: serde_json::Value) -> Step {
    let path = board::TEXT.to_owned();
    Step::Text { path, delta }
}

fn set(writer: usize, random: &mut StdRng) -> Step {
    Step::Set {
        path: board::LAST.to_owned(),
        value: json!({"writer": writer, "value": random.random_range(0..1_000_000)}),
    }
}
