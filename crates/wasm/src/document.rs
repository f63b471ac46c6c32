//! The class that JavaScript holds for each joined document. JSON text goes in and comes out.

use coboard_engine::Time;
use coboard_engine::client::{Client, Config, EditRequest, Edited, from_json, to_json};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use wasm_bindgen::prelude::*;

use crate::texts;

/// The client machine of one document.
#[wasm_bindgen]
pub struct DocumentCore {
    client: Client,
}

#[wasm_bindgen]
impl DocumentCore {
    /// A machine that knows nothing yet. `config` is JSON of
    /// `{document, client, user: {id, name}, resume?: {client_number, sequence, counter}, keep?}`.
    ///
    /// # Errors
    /// When `config` cannot be read.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &str) -> Result<Self, JsError> {
        let config: Config = decode(read(config)?)?;
        Ok(Self {
            client: Client::new(config),
        })
    }

    /// Takes one input and gives the outputs it causes, as a JSON array.
    ///
    /// # Errors
    /// When `input` cannot be read.
    pub fn handle(&mut self, now_ms: f64, input: &str) -> Result<String, JsError> {
        let input = from_json(read(input)?).map_err(|error| JsError::new(&error.to_string()))?;
        self.client.handle(time(now_ms), input);
        Ok(self.drain().to_string())
    }

    /// When to give `{"type": "timeout"}` at the latest, in the milliseconds of `handle`.
    #[wasm_bindgen(js_name = nextTimeout)]
    pub fn next_timeout(&self) -> Option<f64> {
        self.client.next_timeout().map(|time| time.as_ms() as f64)
    }

    /// Makes one operation of an edit: `{id, created, error?, outputs}`. Text offsets are UTF-16 units.
    ///
    /// # Errors
    /// When `request` cannot be read.
    pub fn edit(&mut self, now_ms: f64, request: &str) -> Result<String, JsError> {
        let mut request: EditRequest = decode(read(request)?)?;
        let edited = match texts::convert(&self.client, &mut request) {
            Ok(()) => self.client.edit(time(now_ms), &request),
            Err(error) => Edited {
                error: Some(error),
                ..Edited::default()
            },
        };
        Ok(self.answer(edited))
    }

    /// Takes the newest own step back; answers as `edit` does.
    pub fn undo(&mut self, now_ms: f64) -> String {
        let edited = self.client.undo(time(now_ms));
        self.answer(edited)
    }

    /// Takes the newest undo back; answers as `edit` does.
    pub fn redo(&mut self, now_ms: f64) -> String {
        let edited = self.client.redo(time(now_ms));
        self.answer(edited)
    }

    /// A fresh item id, for an insert whose id is wanted before the edit is made.
    pub fn reserve(&mut self) -> String {
        self.client.reserve_item().to_string()
    }

    /// Own operations that the server has not acknowledged, oldest first, as a JSON array.
    pub fn queue(&self) -> String {
        encode(&self.client.queue()).to_string()
    }

    /// The committed document as the body of a snapshot, for the device to keep; nothing if there is none.
    pub fn snapshot(&self) -> Option<String> {
        let snapshot = self.client.snapshot()?;
        Some(encode(&snapshot).to_string())
    }

    fn answer(&mut self, edited: Edited) -> String {
        let mut answer = encode(&edited);
        answer["outputs"] = self.drain();
        answer.to_string()
    }

    fn drain(&mut self) -> Json {
        std::iter::from_fn(|| self.client.poll())
            .map(|output| to_json(&output))
            .collect()
    }
}

/// Whole milliseconds; what JavaScript calls a time is positive and far below 2^53.
fn time(ms: f64) -> Time {
    Time::from_ms(ms as u64)
}

// Text becomes a JSON value first and everything else is read from values: one decoder a type.
fn read(json: &str) -> Result<Json, JsError> {
    serde_json::from_str(json).map_err(|error| JsError::new(&error.to_string()))
}

fn decode<T: DeserializeOwned>(json: Json) -> Result<T, JsError> {
    serde_json::from_value(json).map_err(|error| JsError::new(&error.to_string()))
}

fn encode<T: serde::Serialize>(value: &T) -> Json {
    serde_json::to_value(value).expect("answers have string keys only, so they are always JSON")
}
