//! Reads of the view by path, for people and programs that think in plain JSON.

use coboard_ot::{ItemId, Path, Value};
use coboard_protocol::codec::{components::cell_address, plain_to_json};
use serde_json::Value as Json;

use super::Client;

impl Client {
    /// The plain JSON at a cell address, arrays included; `None` if nothing is there.
    pub fn read(&self, path: &str) -> Option<Json> {
        let (item, path) = cell_address(path).ok()?;
        let value = self.view.value(item, path.as_str())?;
        Some(plain_to_json(&self.view.plain(value)))
    }

    /// The cell address of a place in the exported JSON, given as keys and indices from the root.
    ///
    /// An index leads into an array, a key into an object. `None` if nothing is there.
    pub fn path_of(&self, json: &[Json]) -> Option<String> {
        let mut item = ItemId::ROOT;
        let mut path = Path::whole();
        for step in json {
            let here = self.view.value(item, path.as_str())?;
            match (here, step) {
                (Value::Map(_), Json::String(key)) => path = path.child(key),
                (Value::List(list), Json::Number(index)) => {
                    let index = usize::try_from(index.as_u64()?).ok()?;
                    item = self.view.list(*list).nth(index)?.1;
                    path = Path::whole();
                }
                _ => return None,
            }
        }
        self.view.value(item, path.as_str())?;
        Some(format!("@{item}{path}"))
    }
}
