//! Starts the programs a task needs and shows how long they take.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// A long step says that it is alive this often.
const ALIVE_EVERY: Duration = Duration::from_secs(30);
/// A program past its time box gets this long to end by itself.
const GRACE: Duration = Duration::from_secs(10);

/// Steps that run inside each other; only the innermost says that it is alive.
static STEPS: AtomicUsize = AtomicUsize::new(0);

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or_else(|| own.to_owned(), Path::to_owned)
}

/// The folder of build results; honours `CARGO_TARGET_DIR`.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// `cargo` as it started this task, in the root of the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    // Set for this process by `cargo run`; a build script or a test must not see it.
    for name in [
        "CARGO_MANIFEST_DIR",
        "CARGO_MANIFEST_PATH",
        "LD_LIBRARY_PATH",
    ] {
        command.env_remove(name);
    }
    command
}

/// A program in a folder of the workspace.
pub(crate) fn command(program: &str, arguments: &[&str], folder: &str) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root().join(folder));
    command
}

/// The program and its arguments as a person would type them.
pub(crate) fn shown(command: &Command) -> String {
    let mut text = Path::new(command.get_program())
        .file_name()
        .unwrap_or_else(|| command.get_program())
        .to_string_lossy()
        .into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// Runs to the end; what the program prints goes to the terminal.
///
/// # Errors
/// When it cannot be started or ends without success.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let name = shown(&command);
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{name}`"))?;
    if !status.success() {
        bail!("`{name}` ended with {status}");
    }
    Ok(())
}

/// Like [`run`], and ends the program when its time is over.
///
/// # Errors
/// As [`run`], and when the time was not enough.
pub(crate) fn run_within(mut command: Command, limit: Duration) -> Result<()> {
    let name = shown(&command);
    let mut child = command
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start `{name}`"))?;
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            if !status.success() {
                bail!("`{name}` ended with {status}");
            }
            return Ok(());
        }
        if started.elapsed() > limit {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    // Asked first, so that it can stop what it has started itself.
    let _asked = Command::new("kill").arg(child.id().to_string()).status();
    let asked_at = Instant::now();
    while child.try_wait()?.is_none() && asked_at.elapsed() < GRACE {
        thread::sleep(Duration::from_millis(100));
    }
    let _killed = child.kill();
    let _reaped = child.wait();
    bail!("`{name}` did not end within {} s", limit.as_secs());
}

/// What the program prints, without the white space at its end; `None` when it fails.
pub(crate) fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output.status.success().then(|| {
        String::from_utf8_lossy(&output.stdout)
            .trim_end()
            .to_owned()
    })
}

/// Names a step, says that it is alive while it runs, and how long it took.
///
/// # Errors
/// Those of the step.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {name}");
    let started = Instant::now();
    let (done, waiting) = mpsc::channel::<()>();
    let shown = name.to_owned();
    let depth = STEPS.fetch_add(1, Ordering::Relaxed) + 1;
    let ticker = thread::spawn(move || {
        while waiting.recv_timeout(ALIVE_EVERY) == Err(mpsc::RecvTimeoutError::Timeout) {
            if STEPS.load(Ordering::Relaxed) == depth {
                println!("    {shown}: {} s so far", started.elapsed().as_secs());
            }
        }
    });
    let result = work();
    STEPS.fetch_sub(1, Ordering::Relaxed);
    drop(done);
    let _ended = ticker.join();
    let seconds = started.elapsed().as_secs_f32();
    match &result {
        Ok(_) => println!("    {name}: done in {seconds:.1} s"),
        Err(_) => println!("    {name}: FAILED after {seconds:.1} s"),
    }
    result
}
