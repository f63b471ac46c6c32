//! `coboard serve`: settings in, a running server out, and a clean end.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use coboard_server::{Server, Settings, StartError};
use coboard_storage_sqlite::SqliteStorage;
use tokio::signal;
use tracing_subscriber::EnvFilter;

use crate::data;

/// What the process exits with when storage failed for good: `EX_IOERR` of sysexits.
const STORAGE_FAILED: u8 = 74;
/// What is logged unless `COBOARD_LOG` says otherwise. socketioxide logs messages it cannot extract as
/// errors; those are answered and counted here already.
const LOG_FILTER: &str = "info,socketioxide=off,engineioxide=off";

/// Options of `serve`.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// Where to listen. Port 0 takes any free port.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7420")]
    listen: SocketAddr,
    /// Where the data is kept; made if it is not there.
    #[arg(long, value_name = "DIR", default_value = data::DIRECTORY)]
    data: PathBuf,
    /// Listen beyond this machine, although anybody who reaches the server may read and change everything.
    #[arg(long)]
    insecure_open: bool,
    /// Accept browsers that come from this origin, for example `https://boards.example.org`. May be repeated.
    #[arg(long, value_name = "ORIGIN")]
    allow_origin: Vec<String>,
    /// Log as JSON lines.
    #[arg(long)]
    log_json: bool,
}

/// Runs a server until it is told to stop.
pub(crate) fn run(options: Options) -> anyhow::Result<ExitCode> {
    start_logging(options.log_json);
    let runtime = tokio::runtime::Runtime::new().context("cannot start the runtime")?;
    runtime.block_on(serve(options))
}

async fn serve(options: Options) -> anyhow::Result<ExitCode> {
    let path = data::database(&options.data);
    let open = tokio::task::spawn_blocking(move || SqliteStorage::open(&path));
    let storage = open.await.context("opening the database panicked")?;
    let storage = storage.context("cannot open the database")?;
    let settings = Settings {
        listen: options.listen,
        insecure_open: options.insecure_open,
        allowed_origins: options.allow_origin,
        ..Settings::default()
    };
    let server = Server::start(settings, Arc::new(storage))
        .await
        .map_err(explain)?;
    let welcome = format!(
        "Coboard is at http://{}\nStop it with Ctrl-C.\n",
        server.address()
    );
    // Whoever started it may have closed standard output; that is no reason not to serve.
    let mut out = std::io::stdout();
    let _ = out.write_all(welcome.as_bytes()).and_then(|()| out.flush());
    tokio::select! {
        cause = server.failed() => {
            // No tidying up: after a failed write nothing in memory is known to be on the disk.
            eprintln!("coboard: storage failed, so the server ends: {cause}");
            return Ok(ExitCode::from(STORAGE_FAILED));
        }
        signal = stop_signal() => signal?,
    }
    tracing::info!("stopping");
    server.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// Adds what to do about it.
fn explain(error: StartError) -> anyhow::Error {
    let open = matches!(error, StartError::OpenAddress { .. });
    let error = anyhow::Error::new(error);
    if open {
        error.context("will not listen there without --insecure-open")
    } else {
        error
    }
}

#[cfg(unix)]
async fn stop_signal() -> anyhow::Result<()> {
    use signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("cannot wait for SIGTERM")?;
    tokio::select! {
        interrupt = signal::ctrl_c() => interrupt.context("cannot wait for Ctrl-C"),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn stop_signal() -> anyhow::Result<()> {
    signal::ctrl_c().await.context("cannot wait for Ctrl-C")
}

fn start_logging(json: bool) {
    let filter = EnvFilter::try_from_env("COBOARD_LOG").unwrap_or_else(|_| LOG_FILTER.into());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if json {
        log.json().init();
    } else {
        log.with_ansi(std::io::stderr().is_terminal()).init();
    }
}
