//! Memory of a process, as Linux tells it.

use std::fmt;
use std::fs;

/// Resident memory in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    now: u64,
    peak: u64,
}

impl Memory {
    /// That of a process, by number; `None` where there is no `/proc`.
    pub(crate) fn of(process: u32) -> Option<Self> {
        let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
        Some(Self {
            now: field(&status, "VmRSS:")?,
            peak: field(&status, "VmHWM:")?,
        })
    }
}

fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (now, peak) = (self.now / 1024, self.peak / 1024);
        write!(f, "{now} MiB, {peak} MiB at most")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_read() {
        let status = "Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(field(status, "VmHWM:"), Some(2048));
        assert_eq!(field(status, "VmRSS:"), Some(1024));
        assert_eq!(field(status, "VmSwap:"), None);
    }
}
