//! One drill: a backup in the middle of work, the end of the server, and a server on the copy.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use coboard_client::{Api, ServerUrl};
use coboard_protocol::{DocumentId, OperationId};
use rand::Rng;
use rand::rngs::StdRng;
use serde_json::{Value as Json, json};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::notes::Notes;
use super::person::{PATIENCE, Person, cell};
use super::totals::Totals;
use crate::database::Copies;
use crate::process::{Running, Server};
use crate::stage::options;

/// Clients that write.
const CLIENTS: usize = 3;
/// Edits of each client that are acknowledged before the backup begins.
const BEFORE: std::ops::Range<usize> = 10..60;
/// Edits of each client that are acknowledged after it has ended.
const AFTER: std::ops::Range<usize> = 5..60;
/// How long clients go on after the kill, in milliseconds.
const ALONE_MS: std::ops::Range<u64> = 5..60;
/// How the server names its database.
const DATABASE: &str = "coboard.sqlite";

/// What differs between drills.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// The server is killed only when everything is acknowledged.
    pub(crate) at_rest: bool,
    /// Somebody writes to the copy before the clients meet it, until it is beyond them.
    pub(crate) beyond: bool,
}

/// What a client knew when its server was gone.
struct Left {
    /// Acknowledged before the backup began.
    safe: BTreeSet<OperationId>,
    /// Everything at the end of the server.
    notes: Notes,
}

/// A drill under way.
pub(crate) struct Drill<'a> {
    pub(crate) kind: Kind,
    pub(crate) directory: PathBuf,
    pub(crate) binary: PathBuf,
    pub(crate) random: &'a mut StdRng,
    pub(crate) totals: &'a mut Totals,
}

impl Drill<'_> {
    /// Runs it and judges it.
    ///
    /// # Errors
    /// When something does not come to pass at all.
    pub(crate) async fn run(mut self) -> Result<()> {
        let first = self.directory.join("first");
        fs::create_dir(&first)?;
        let server = Server::new(self.binary.clone(), &first, self.random)?;
        let api = api(&server)?;
        let mut running = server.start()?;
        running.ready(&api).await?;
        let document = api.import(&json!({"title": "Drill"})).await?.id;
        let people = enter(&server, &document).await?;
        let before = api.snapshot(&document).await?.lineage;

        let safe = self.back_up(&server, &people).await?;
        let left = self.end(running, &people, safe).await?;
        let second = self.restore().await?;
        let restored = server.moved(&second);
        if self.kind.beyond {
            self.go_beyond(&second, &document, &people).await?;
        }
        let mut running = restored.start()?;
        running.ready(&api).await?;
        for person in &people {
            person.settle().await?;
            person.write_once().await?;
        }
        let mut lineages = Vec::new();
        for person in &people {
            lineages.push(person.settle().await?);
        }
        let after = api.snapshot(&document).await?.lineage;
        if after == before || lineages.iter().any(|lineage| *lineage != after) {
            let all = format!("lineage {before}, then {after}, clients know {lineages:?}");
            self.totals.blame(all);
        }
        let export = self.agree(&api, &document, &people).await?;
        self.judge(&people, &left, &export);
        for person in people {
            person.leave().await;
        }
        running.kill().await
    }

    /// Lets everybody write, and makes the backup meanwhile. Gives what was acknowledged before.
    async fn back_up(
        &mut self,
        server: &Server,
        people: &[Person],
    ) -> Result<Vec<BTreeSet<OperationId>>> {
        for person in people {
            person.write(true);
        }
        let count = self.random.random_range(BEFORE);
        for person in people {
            person.until_acknowledged(count).await?;
        }
        let safe = people.iter().map(|person| person.notes().acknowledged);
        let safe = safe.collect();
        server.back_up(&self.copy()).await?;
        let more = self.random.random_range(AFTER);
        for person in people {
            let so_far = person.notes().acknowledged.len();
            person.until_acknowledged(so_far + more).await?;
        }
        Ok(safe)
    }

    /// Kills the server; waits until nobody hears of it any more.
    async fn end(
        &mut self,
        running: Running,
        people: &[Person],
        safe: Vec<BTreeSet<OperationId>>,
    ) -> Result<Vec<Left>> {
        if self.kind.at_rest {
            for person in people {
                person.write(false);
            }
            for person in people {
                person.settle().await?;
            }
        }
        running.kill().await?;
        if !self.kind.at_rest {
            let alone = self.random.random_range(ALONE_MS);
            sleep(Duration::from_millis(alone)).await;
        }
        let mut left = Vec::new();
        for (person, safe) in people.iter().zip(safe) {
            person.until_alone().await?;
            let notes = person.notes();
            left.push(Left { safe, notes });
        }
        Ok(left)
    }

    /// Puts the copy into a directory of its own.
    async fn restore(&mut self) -> Result<PathBuf> {
        let second = self.directory.join("second");
        let data = second.join("data");
        fs::create_dir_all(&data)?;
        fs::copy(self.copy(), data.join(DATABASE))?;
        let findings = spawn_blocking(move || Copies::take(&data)?.findings()).await??;
        for finding in findings {
            self.totals.blame(format!("integrity_check: {finding}"));
        }
        Ok(second)
    }

    /// Somebody else finds the restored server first, at another address.
    async fn go_beyond(
        &mut self,
        directory: &Path,
        document: &DocumentId,
        people: &[Person],
    ) -> Result<()> {
        let elsewhere = Server::new(self.binary.clone(), directory, self.random)?;
        let mut running = elsewhere.start()?;
        running.ready(&api(&elsewhere)?).await?;
        let url = ServerUrl::parse(&elsewhere.url())?;
        let stranger = Person::enter(options(url, "stranger")?, document, "stranger").await?;
        let revisions = people.iter().map(|person| person.status().revision);
        let furthest = revisions.max().unwrap_or_default();
        stranger.write(true);
        let since = Instant::now();
        while stranger.status().revision <= furthest + CLIENTS as u64 {
            if since.elapsed() > PATIENCE {
                anyhow::bail!("the stranger does not get beyond {furthest}");
            }
            sleep(Duration::from_millis(5)).await;
        }
        stranger.write(false);
        stranger.settle().await?;
        stranger.leave().await;
        running.kill().await
    }

    /// Waits until all see what the server has, and gives that.
    async fn agree(&mut self, api: &Api, document: &DocumentId, people: &[Person]) -> Result<Json> {
        let since = Instant::now();
        loop {
            let export = api.export(document).await?;
            let mut different = None;
            for person in people {
                if person.export().await? != export {
                    different = Some(&person.key);
                }
            }
            let Some(key) = different else {
                return Ok(export);
            };
            if since.elapsed() > PATIENCE {
                self.totals
                    .blame(format!("{key} sees another dashboard than the server"));
                return Ok(export);
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    fn judge(&mut self, people: &[Person], left: &[Left], export: &Json) {
        for (person, left) in people.iter().zip(left) {
            let found = Found {
                key: &person.key,
                cells: &export[&person.key],
                now: &person.notes(),
            };
            found.judge(left, self.totals);
        }
        self.totals.drills += 1;
    }

    fn copy(&self) -> PathBuf {
        self.directory.join("copy")
    }
}

/// What there is of one client at last.
struct Found<'a> {
    key: &'a str,
    cells: &'a Json,
    now: &'a Notes,
}

impl Found<'_> {
    fn judge(&self, left: &Left, totals: &mut Totals) {
        let (key, then, now) = (self.key, &left.notes, self.now);
        for id in now.made.keys().filter(|id| !self.has(id)) {
            if left.safe.contains(id) {
                totals.blame(format!("{id:?} was acknowledged before the backup"));
            } else if then.acknowledged.contains(id) {
                totals.lost += 1;
            } else if !now.refused.contains_key(id) {
                totals.blame(format!("{id:?} is not there, and nobody said why"));
            }
        }
        let open = then.open();
        totals.safe += left.safe.len();
        totals.later += then.acknowledged.len() - left.safe.len();
        totals.offered += open.len();
        totals.applied += open.iter().filter(|id| self.has(id)).count();
        totals.diverged += now.diverged;
        for (id, error) in &now.refused {
            totals.refused += 1;
            println!("refused                  {id:?}: {}", error.message);
            if self.has(id) {
                totals.blame(format!("{id:?} was refused, and is there"));
            }
        }
        if now.resets == then.resets {
            totals.blame(format!("{key} did not take the dashboard anew"));
        }
        for strange in &now.strange {
            totals.blame(format!("{key}: {strange}"));
        }
        let there = self.cells.as_object().map_or(0, serde_json::Map::len);
        let known = now.made.keys().filter(|id| self.has(id)).count();
        if there != known {
            totals.blame(format!("{key} made {known} of the {there} cells it has"));
        }
    }

    /// Whether the edit is in the dashboard.
    fn has(&self, id: &OperationId) -> bool {
        let number = self.now.made.get(id);
        number.is_some_and(|number| self.cells.get(cell(*number)) == Some(&json!(number)))
    }
}

fn api(server: &Server) -> Result<Api> {
    let url = ServerUrl::parse(&server.url())?;
    Ok(Api::new(&options(url, "reader")?))
}

async fn enter(server: &Server, document: &DocumentId) -> Result<Vec<Person>> {
    let mut people = Vec::new();
    for number in 0..CLIENTS {
        let url = ServerUrl::parse(&server.url())?;
        let key = format!("k{number}");
        let person = Person::enter(options(url, &format!("writer-{number}"))?, document, &key);
        people.push(person.await.context("nobody is to be missing")?);
    }
    Ok(people)
}
