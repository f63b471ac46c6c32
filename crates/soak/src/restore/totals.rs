//! What all drills came to.

/// Counts, of all clients together.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    /// Which one is under way.
    pub(crate) current: u32,
    /// Those that came to their end.
    pub(crate) drills: u32,
    /// Acknowledged before the backup began.
    pub(crate) safe: usize,
    /// Acknowledged later.
    pub(crate) later: usize,
    /// Of those, what the copy lacks: gone.
    pub(crate) lost: usize,
    /// Not acknowledged when the server was killed, and offered to the restored one.
    pub(crate) offered: usize,
    /// Of those, what it took.
    pub(crate) applied: usize,
    pub(crate) refused: usize,
    pub(crate) diverged: u64,
    pub(crate) violations: Vec<String>,
}

impl Totals {
    /// Notes something that must not be.
    pub(crate) fn blame(&mut self, violation: String) {
        let violation = format!("drill {}: {violation}", self.current);
        self.violations.push(violation);
    }

    /// Whether all was as it must be.
    pub(crate) fn are_good(&self) -> bool {
        self.violations.is_empty() && self.diverged == 0
    }

    pub(crate) fn report(&self, planned: u32) {
        for violation in &self.violations {
            println!("VIOLATION {violation}");
        }
        println!("drills                   {} of {planned}", self.drills);
        println!("acknowledged before      {}", self.safe);
        println!("acknowledged afterwards  {}", self.later);
        println!("  lost with the backup   {}", self.lost);
        println!("in flight at the kill    {}", self.offered);
        println!("  offered again, applied {}", self.applied);
        println!("refused                  {}", self.refused);
        println!("clients diverged         {}", self.diverged);
        println!("violations               {}", self.violations.len());
    }
}
