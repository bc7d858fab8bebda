//! Every target survives its seeds, and every folder of seeds has its target.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use fuzz::{Seeds, TARGETS};

#[test]
fn each_target_survives_its_seeds_and_each_folder_has_a_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let folders = fs::read_dir(&folder).unwrap();
    let folders: BTreeSet<_> = folders
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let names: BTreeSet<_> = TARGETS
        .iter()
        .map(|target| target.name.to_owned())
        .collect();
    assert_eq!(folders, names);
    for target in TARGETS {
        for seed in Seeds::read(&folder.join(target.name)).unwrap().files {
            (target.read)(&seed);
        }
    }
}
