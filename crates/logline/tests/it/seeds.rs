//! Every seed of the fuzz targets, and every prefix of it, through its target.

use tact_logline::fuzz;

#[test]
fn seeds_and_what_is_left_of_them_when_they_are_cut_break_nothing() {
    type Target = fn(&[u8]);
    let targets: [(&str, Target); 9] = [
        ("access", fuzz::access),
        ("any", fuzz::any),
        ("client", fuzz::client),
        ("ctisvr", fuzz::ctisvr),
        ("foreign", fuzz::foreign),
        ("notification", fuzz::notification),
        ("realm", fuzz::realm),
        ("webservices", fuzz::webservices),
        ("windows", fuzz::windows),
    ];
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/fuzz");
    for (name, target) in targets {
        let mut count = 0;
        for entry in std::fs::read_dir(root.join(name)).expect("a folder of seeds") {
            let seed = std::fs::read(entry.expect("an entry").path()).expect("a seed");
            for end in 0..=seed.len() {
                target(&seed[..end]);
            }
            count += 1;
        }
        assert!(count > 0, "{name} has no seeds");
    }
}
