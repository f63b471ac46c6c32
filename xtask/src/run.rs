//! Builds everything and starts a server in the foreground.

use crate::arguments::Arguments;
use crate::process::{output, root};
use crate::{prerequisites, release, web};
use anyhow::{Context, Result, bail};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

/// The hidden task that waits for the server and then shows it.
pub(crate) const OPEN_WHEN_READY: &str = "open-when-ready";

const LISTEN: &str = "127.0.0.1:7420";
const READY_POLLS_MAX: u32 = 100;
const READY_POLL: Duration = Duration::from_millis(200);

/// `cargo xtask build`
///
/// # Errors
/// When a program is missing or a build fails.
pub(crate) fn build(arguments: &Arguments) -> Result<()> {
    arguments.finish()?;
    build_all()
}

fn build_all() -> Result<()> {
    prerequisites::node()?;
    web::build()?;
    release::server()
}

/// `cargo xtask run`
///
/// # Errors
/// When a build fails or the server ends with an error.
pub(crate) fn run(arguments: &mut Arguments) -> Result<()> {
    let listen: SocketAddr = match arguments.option("--listen")? {
        Some(address) => address,
        None => LISTEN.parse()?,
    };
    let data: PathBuf = arguments
        .option("--data")?
        .unwrap_or_else(|| root().join("coboard-data"));
    let no_open = arguments.flag("--no-open");
    arguments.finish()?;
    build_all()?;
    if !no_open && has_screen() {
        let opener = std::env::current_exe()?;
        Command::new(opener)
            .args([OPEN_WHEN_READY, &listen.to_string()])
            .stdin(Stdio::null())
            .spawn()
            .context("cannot start what opens the browser")?;
    }
    let mut server = Command::new(release::binary("coboard"));
    server.args(["serve", "--listen", &listen.to_string()]);
    server.arg("--data").arg(data);
    become_it(server)
}

/// The server takes the place of this process, so every signal reaches it.
#[cfg(unix)]
fn become_it(mut server: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    // Set for this process by `cargo run`.
    server.env_remove("LD_LIBRARY_PATH");
    let error = server.exec();
    Err(error).context("cannot start the server")
}

#[cfg(not(unix))]
fn become_it(server: Command) -> Result<()> {
    crate::process::run(server)
}

/// The program that shows an address to a person, if there is a screen to show it on.
fn opener() -> Option<&'static str> {
    if cfg!(target_os = "macos") {
        return Some("open");
    }
    let screen = ["DISPLAY", "WAYLAND_DISPLAY"];
    let found = screen.iter().any(|name| std::env::var_os(name).is_some());
    (found && output("which", &["xdg-open"]).is_some()).then_some("xdg-open")
}

fn has_screen() -> bool {
    opener().is_some()
}

/// Waits until the address answers, then opens it.
///
/// # Errors
/// When it does not answer in time or cannot be opened.
pub(crate) fn open_when_ready(arguments: &mut Arguments) -> Result<()> {
    let address: SocketAddr = arguments
        .positional()
        .context("needs an address")?
        .parse()?;
    for _poll in 0..READY_POLLS_MAX {
        if TcpStream::connect_timeout(&address, READY_POLL).is_ok() {
            let program = opener().context("there is no screen")?;
            Command::new(program)
                .arg(format!("http://{address}/"))
                .status()?;
            return Ok(());
        }
        thread::sleep(READY_POLL);
    }
    bail!("{address} does not answer");
}
