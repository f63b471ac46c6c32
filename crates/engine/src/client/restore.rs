//! A machine goes on where a former one of the same client ended: from what the device kept.
//!
//! What was committed is applied in the order it came, and each own operation is put on when the
//! revision it stands on is reached: the same code as live, hence the same result.

use std::vec::IntoIter;

use coboard_protocol::codec;
use coboard_protocol::decode::Fields;
use coboard_protocol::message::Segment;
use coboard_protocol::{ErrorBody, ErrorCode, LogEntry, Operation, Revision, Snapshot};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use super::keep::Kept;
use super::{Client, Output};
use crate::time::Time;

/// What the device kept of a document.
struct Restore {
    snapshot: Snapshot,
    messages: Vec<Message>,
    operations: Vec<Kept>,
}

/// A `committed` or a `catch_up`, as it came.
struct Message {
    to: Revision,
    segments: Vec<Segment>,
}

impl Message {
    /// Whether it goes on from `revision`. What is known there already is left out.
    fn goes_on_from(&mut self, revision: Revision) -> bool {
        if self.to <= revision {
            return false;
        }
        let known = self.segments.iter().take_while(|it| it.to() <= revision);
        let known = known.count();
        self.segments.drain(..known);
        self.segments
            .first()
            .is_some_and(|first| first.from() == revision)
    }

    /// The segments that do not go beyond what the next operation stands on.
    fn take_up_to(&mut self, next: Option<&Kept>) -> Vec<Segment> {
        let fits = |to| next.is_none_or(|next| to <= next.operation.base);
        let count = self.segments.iter().take_while(|it| fits(it.to())).count();
        let rest = self.segments.split_off(count);
        std::mem::replace(&mut self.segments, rest)
    }
}

impl Client {
    /// Takes up what the device kept; all of it or nothing.
    pub(super) fn restore(&mut self, kept: Json) {
        let begun = self.loaded || self.next_request > 1;
        let restored = if begun {
            Err("late")
        } else {
            match serde_json::from_value(kept) {
                Ok(restore) => self.replay(restore).map_err(|()| "misfit"),
                Err(_) => Err("unreadable"),
            }
        };
        if let Err(reason) = restored {
            if !begun {
                let ids = self.ids;
                *self = Self::new(self.config.clone());
                self.ids = ids;
            }
            let error = ErrorBody::new(ErrorCode::DeviceStorage, "what was kept cannot be used");
            let error = error.with("reason", reason);
            self.outputs.push_back(Output::RestoreFailed { error });
        }
    }

    fn replay(&mut self, restore: Restore) -> Result<(), ()> {
        let Restore {
            snapshot,
            mut messages,
            operations,
        } = restore;
        if snapshot.document != self.config.document {
            return Err(());
        }
        self.lineage = snapshot.lineage;
        self.committed = snapshot.content;
        self.revision = snapshot.revision;
        let mut operations = operations.into_iter();
        self.put_on(&mut operations)?;
        loop {
            let before = self.revision;
            // What is beyond the next operation, or came too early, has its turn later; what others
            // led up to stays until they did.
            for message in &mut messages {
                if message.goes_on_from(self.revision) {
                    let segments = message.take_up_to(operations.as_slice().first());
                    self.take_segments(self.revision, segments);
                    self.put_on(&mut operations)?;
                }
            }
            if self.revision == before {
                break;
            }
        }
        if !operations.as_slice().is_empty() {
            return Err(());
        }
        self.loaded = true;
        // What turned out to be refused is told; all else is told as a whole.
        self.outputs
            .retain(|output| matches!(output, Output::Reject { .. }));
        self.rebuild_view();
        self.tell_everything();
        Ok(())
    }

    /// Puts on what stands on the revision that is reached.
    fn put_on(&mut self, operations: &mut IntoIter<Kept>) -> Result<(), ()> {
        while let Some(next) = operations.as_slice().first()
            && next.operation.base <= self.revision
        {
            let fits = next.operation.base == self.revision;
            match operations.next() {
                Some(kept) if fits => self.outbox.resume_with(kept)?,
                Some(_) | None => return Err(()),
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Restore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        Ok(Self {
            snapshot: fields.required("snapshot")?,
            messages: fields.required("messages")?,
            operations: fields.required("operations")?,
        })
    }
}

impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        let mut segments: Vec<Segment> = fields.optional("segments")?;
        let entries: Vec<LogEntry> = fields.optional("entries")?;
        segments.extend(entries.into_iter().map(|entry| Segment::Entry { entry }));
        Ok(Self {
            to: fields.required("to")?,
            segments,
        })
    }
}

impl<'de> Deserialize<'de> for Kept {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        let components = fields.json("components");
        Ok(Self {
            operation: Operation {
                id: fields.required("id")?,
                base: fields.required("base")?,
                components: codec::committed::from_json(&components).map_err(D::Error::custom)?,
                meta: fields.required("meta")?,
            },
            made_at: Time::from_ms(fields.required("at_ms")?),
        })
    }
}
