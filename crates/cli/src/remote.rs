//! Commands that talk to a running server.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Which server.
#[derive(Args, Debug)]
struct Remote {
    /// The running server.
    #[arg(
        long,
        value_name = "URL",
        default_value = "http://127.0.0.1:7420",
        env = "COBOARD_SERVER"
    )]
    server: String,
}

/// `coboard import`.
#[derive(Args, Debug)]
pub(crate) struct Import {
    #[command(flatten)]
    remote: Remote,
    /// JSON files, one dashboard each; - is standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Bring the one FILE as a new version of this dashboard. Only what differs is written.
    #[arg(long, value_name = "ID")]
    over: Option<String>,
    /// The revision that FILE was exported at: what others did since merges. Without it FILE counts
    /// as made on the newest revision.
    #[arg(long, value_name = "REVISION", requires = "over")]
    base: Option<u64>,
}

/// `coboard export`.
#[derive(Args, Debug)]
pub(crate) struct Export {
    #[command(flatten)]
    remote: Remote,
    /// The dashboard.
    #[arg(value_name = "ID")]
    id: String,
}

/// `coboard list`.
#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    remote: Remote,
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

#[derive(Deserialize)]
struct Dashboards {
    dashboards: Vec<Dashboard>,
}

#[derive(Deserialize)]
struct Dashboard {
    id: String,
    title: String,
    revision: u64,
    online: usize,
}

#[derive(Deserialize)]
struct Failure {
    error: FailureBody,
}

#[derive(Deserialize)]
struct FailureBody {
    code: String,
    message: String,
}

impl Import {
    /// Imports every file. One that fails does not keep the others out, but fails the command.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        if self.over.is_some() && self.files.len() > 1 {
            bail!("--over takes one file");
        }
        let mut failed = 0;
        for file in &self.files {
            match self.one(file) {
                Ok(id) => print(&format!("{id}\n"))?,
                Err(error) => {
                    failed += 1;
                    eprintln!("coboard: {}: {error:#}", file.display());
                }
            }
        }
        match failed {
            0 => Ok(()),
            _ => bail!("{failed} of {} files were not imported", self.files.len()),
        }
    }

    fn one(&self, file: &PathBuf) -> anyhow::Result<String> {
        let text = if file.as_os_str() == "-" {
            io::read_to_string(io::stdin())
        } else {
            fs::read_to_string(file)
        };
        let text = text.context("cannot read it")?;
        let request = match &self.over {
            Some(id) => agent().put(self.remote.url(&over(id, self.base)?)),
            None => agent().post(self.remote.url("/api/dashboards/import")),
        };
        let request = request.header("content-type", "application/json");
        let made: Made = decode(&self.remote.answer(request.send(text))?)?;
        Ok(made.id)
    }
}

impl Export {
    /// Prints the dashboard as the server gives it.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let path = format!("{}/export", path_of(&self.id)?);
        let text = self
            .remote
            .answer(agent().get(self.remote.url(&path)).call())?;
        print(&text)?;
        print("\n")
    }
}

impl List {
    /// Prints one dashboard per line: id, revision, people, title.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        let answer = agent().get(self.remote.url("/api/dashboards")).call();
        let list: Dashboards = decode(&self.remote.answer(answer)?)?;
        for dashboard in list.dashboards {
            let Dashboard {
                id,
                title,
                revision,
                online,
            } = dashboard;
            // A title is somebody's text: it must not reach the terminal as control sequences.
            let title: String = title.chars().filter(|c| !c.is_control()).collect();
            print(&format!(
                "{id}\trevision {revision}\t{online} online\t{title}\n"
            ))?;
        }
        Ok(())
    }
}

impl Remote {
    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.trim_end_matches('/'))
    }

    /// The text of a good answer, or what the server says is wrong.
    fn answer(
        &self,
        answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    ) -> anyhow::Result<String> {
        let mut answer = answer.with_context(|| format!("no answer from {}", self.server))?;
        let status = answer.status();
        let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MAX);
        let text = body.read_to_string().context("the answer broke off")?;
        if status.is_success() {
            return Ok(text);
        }
        match serde_json::from_str::<Failure>(&text) {
            Ok(Failure { error }) => bail!("{} ({})", error.message, error.code),
            Err(_) => bail!("the server answered {status}"),
        }
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into()
}

fn decode<T: DeserializeOwned>(text: &str) -> anyhow::Result<T> {
    serde_json::from_str(text).context("this is not a server of Coboard, or one of another version")
}

/// Where a dashboard is.
fn path_of(id: &str) -> anyhow::Result<String> {
    if !is_id(id) {
        bail!("{id:?} is no id of a dashboard");
    }
    Ok(format!("/api/dashboards/{id}"))
}

/// Where a new version of a dashboard goes, made on `base`.
fn over(id: &str, base: Option<u64>) -> anyhow::Result<String> {
    let base = base.map_or_else(String::new, |base| format!("?base={base}"));
    Ok(path_of(id)? + &base)
}

fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Prints to standard output, which may fail.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .context("cannot write to standard output")
}
