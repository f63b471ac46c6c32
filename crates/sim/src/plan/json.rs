//! A plan as JSON, at the head of a saved event log.

use coboard_protocol::PathPolicy;
use serde_json::{Map, Value as Json, json};

use super::{Fault, Faults, Plan, Sabotage};

impl Plan {
    /// The plan as JSON. Faults that are off are left out.
    pub fn to_json(&self) -> Json {
        let shares = Fault::ALL.iter().filter_map(|(fault, word)| {
            let percent = self.faults.percent(*fault);
            (percent > 0).then(|| ((*word).to_owned(), json!(percent)))
        });
        json!({
            "people": self.people,
            "tabs": self.tabs,
            "wire": self.wire,
            "undo": self.undo,
            "pause_ms": self.pause_ms,
            "latency_ms": self.latency_ms,
            "append_ms": self.append_ms,
            "kept": self.kept,
            "device_ms": self.device_ms,
            "calm_at_ms": self.calm_at_ms,
            "faults": shares.collect::<Map<String, Json>>(),
            "policies": self.policies,
            "sabotage": self.sabotage.map(Sabotage::word),
        })
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// The name of the member that is missing or has the wrong type.
    pub fn from_json(json: &Json) -> Result<Self, String> {
        let number = |name: &str| {
            let number = json[name]
                .as_u64()
                .and_then(|number| usize::try_from(number).ok());
            number.ok_or_else(|| format!("the plan has no {name}"))
        };
        let flag = |name: &str| {
            json[name]
                .as_bool()
                .ok_or_else(|| format!("the plan has no {name}"))
        };
        let policies: Vec<PathPolicy> = serde_json::from_value(json["policies"].clone())
            .map_err(|error| format!("policies: {error}"))?;
        Ok(Self {
            people: serde_json::from_value(json["people"].clone())
                .map_err(|error| format!("people: {error}"))?,
            tabs: number("tabs")?,
            wire: flag("wire")?,
            undo: flag("undo")?,
            pause_ms: number("pause_ms")?,
            latency_ms: number("latency_ms")?,
            append_ms: number("append_ms")?,
            kept: flag("kept")?,
            device_ms: number("device_ms")?,
            calm_at_ms: json["calm_at_ms"].as_u64(),
            faults: faults(&json["faults"])?,
            policies,
            sabotage: json["sabotage"].as_str().and_then(Sabotage::parse),
        })
    }
}

fn faults(json: &Json) -> Result<Faults, String> {
    let mut faults = Faults::default();
    for (name, percent) in json.as_object().into_iter().flatten() {
        let known = Fault::ALL.iter().find(|(_, word)| word == name);
        let (fault, _) = known.ok_or_else(|| format!("no fault is called {name}"))?;
        let percent = percent
            .as_u64()
            .and_then(|share| usize::try_from(share).ok());
        faults.set(
            *fault,
            percent.ok_or_else(|| format!("the share of {name} is no number"))?,
        );
    }
    Ok(faults)
}
