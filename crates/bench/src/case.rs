//! What is measured: input made beforehand, work, and how many operations the work is.

/// Something to measure. What `prepare` does and what dropping the results costs is not counted.
pub trait Case {
    /// How many operations one run does.
    fn units(&self) -> usize;
    /// Makes the input of the next run.
    fn prepare(&mut self);
    /// Does the work.
    fn run(&mut self);
}

/// A case by name; making it is dear, so it is made when it is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name, as in the table.
    pub name: &'static str,
    /// Whether it also runs under callgrind.
    pub kind: Kind,
    /// Makes it.
    pub make: fn() -> Box<dyn Case>,
}

/// What a case is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// One operation of the core, short: measured everywhere.
    Core,
    /// Longer than an instruction count is worth.
    Long,
}

impl Entry {
    /// A short operation.
    pub fn core(name: &'static str, make: fn() -> Box<dyn Case>) -> Self {
        Self::of(name, Kind::Core, make)
    }

    /// A long one.
    pub fn long(name: &'static str, make: fn() -> Box<dyn Case>) -> Self {
        Self::of(name, Kind::Long, make)
    }

    fn of(name: &'static str, kind: Kind, make: fn() -> Box<dyn Case>) -> Self {
        Self { name, kind, make }
    }
}

/// The case of this name.
pub fn find(name: &str) -> Option<Entry> {
    crate::cases().into_iter().find(|entry| entry.name == name)
}

/// A case of which every run consumes an input and leaves an output.
pub struct Batch<I, O, M, W> {
    units: usize,
    make: M,
    work: W,
    input: Option<I>,
    output: Option<O>,
}

/// Makes a case of a function that makes an input and one that works on it.
pub fn batch<I: 'static, O: 'static>(
    units: usize,
    make: impl FnMut() -> I + 'static,
    work: impl FnMut(I) -> O + 'static,
) -> Box<dyn Case> {
    Box::new(Batch {
        units,
        make,
        work,
        input: None,
        output: None,
    })
}

impl<I, O, M: FnMut() -> I, W: FnMut(I) -> O> Case for Batch<I, O, M, W> {
    fn units(&self) -> usize {
        self.units
    }

    fn prepare(&mut self) {
        self.output = None;
        self.input = Some((self.make)());
    }

    fn run(&mut self) {
        if let Some(input) = self.input.take() {
            self.output = Some(std::hint::black_box((self.work)(input)));
        }
    }
}
