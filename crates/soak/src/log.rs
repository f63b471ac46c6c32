//! Reads the log of a dashboard from outside, as any client may.

use anyhow::{Context, Result, bail};
use coboard_client::Connection;
use coboard_protocol::message::{CatchUpAnswer, CatchUpRequest, Join, Joined, Leave, Segment};
use coboard_protocol::{DocumentId, LogEntry};
use serde_json::Value as Json;

/// Every entry of the log, from revision 1 to the head.
pub(crate) async fn read(
    connection: &mut Connection,
    document: &DocumentId,
) -> Result<Vec<LogEntry>> {
    let join = Join {
        document: document.clone(),
        client: None,
        revision: Some(0),
        lineage: None,
        inflight: Vec::new(),
        diverged: None,
    };
    let joined: Joined = connection.request("join", &join).await?;
    let mut log: Vec<LogEntry> = Vec::new();
    while (log.len() as u64) < joined.head {
        let request = CatchUpRequest {
            document: document.clone(),
            session: joined.session.clone(),
            since: log.len() as u64,
            entries: true,
        };
        let answer: CatchUpAnswer = connection.request("catch_up", &request).await?;
        let page = answer
            .catch_up
            .context("the log does not begin at revision 1")?;
        if page.segments.is_empty() {
            bail!(
                "the log ends at {} below its head {}",
                log.len(),
                joined.head
            );
        }
        for segment in page.segments {
            match segment {
                Segment::Entry { entry } => log.push(entry),
                Segment::Composed(_) => bail!("entries were asked for one by one"),
            }
        }
    }
    let leave = Leave {
        document: document.clone(),
        session: joined.session,
    };
    let _nothing: Json = connection.request("leave", &leave).await?;
    Ok(log)
}
