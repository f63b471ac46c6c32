//! Our own sample history, followed from version to version.

use std::path::Path;

use coboard_testkit::histories::{files, follow, read};

#[test]
fn the_sample_history_is_followed_exactly() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/histories");
    let files = files(&folder).expect("the folder of samples");
    assert!(!files.is_empty());
    for file in files {
        let report = follow(&read(&file).expect("JSON in each line"));
        assert_eq!(report.failures, Vec::<String>::new(), "{}", file.display());
        assert!(
            report.changed > 5 && report.moves > 0 && report.merged > 0,
            "{report:?}"
        );
        assert!(
            report.operation_bytes * 5 < report.json_bytes,
            "operations are small: {report:?}"
        );
    }
}
