//! The cases under criterion: `cargo bench -p coboard-bench [NAME]`.
#![allow(missing_docs, reason = "the macros make undocumented functions")]

use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};

fn core(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("core");
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1));
    for entry in coboard_bench::cases() {
        let mut made = None;
        group.bench_function(entry.name, |bencher| {
            let case = made.get_or_insert_with(|| (entry.make)());
            bencher.iter_custom(|rounds| {
                let mut sum = Duration::ZERO;
                for _ in 0..rounds {
                    case.prepare();
                    let before = Instant::now();
                    case.run();
                    sum += before.elapsed();
                }
                sum.div_f64(case.units() as f64)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, core);
criterion_main!(benches);
