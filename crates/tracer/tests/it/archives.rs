//! Files, folders and archives in.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::bundle::{Answer, Bundle, START};
use flate2::Compression;
use flate2::write::GzEncoder;
use tact_tracer::input::{self, Source};
use tact_tracer::trace;

fn bundle() -> Vec<Source> {
    let mut bundle = Bundle::default();
    bundle.login(START, "2001", "2003", Answer::Event, true);
    bundle.sources()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tar(files: &[Source]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for file in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(file.bytes.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, &file.name, &*file.bytes)
            .unwrap();
    }
    builder.into_inner().unwrap()
}

fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(name.as_str(), zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, bytes).unwrap();
    path
}

fn is_whole(paths: &[PathBuf]) {
    let report = trace(&input::read(paths).unwrap(), None);
    assert_eq!(report.logins.len(), 1);
    assert_eq!(report.logins[0].verdict, "ok");
}

#[test]
fn a_folder_is_read_whole_and_compressed_files_in_it_too() {
    let folder = tempfile::tempdir().unwrap();
    for (n, file) in bundle().iter().enumerate() {
        if n % 2 == 0 {
            put(folder.path(), &file.name, &file.bytes);
        } else {
            put(
                folder.path(),
                &format!("{}.gz", file.name),
                &gz(&file.bytes),
            );
        }
    }
    is_whole(&[folder.path().to_owned()]);
    // A file that is also in the folder counts once.
    let again = folder
        .path()
        .join("logs/tomcat/localhost_access_log.2013-04-23.txt");
    is_whole(&[folder.path().to_owned(), again]);
}

#[test]
fn bundles_hold_archives() {
    let folder = tempfile::tempdir().unwrap();
    is_whole(&[put(folder.path(), "active_1.tgz", &gz(&tar(&bundle())))]);
    let inner: Vec<_> = bundle()
        .iter()
        .map(|file| (format!("{}.gz", file.name), gz(&file.bytes)))
        .collect();
    let zipped = zip(&inner);
    is_whole(&[put(folder.path(), "bundle.zip", &zipped)]);
    let nested = Source::new("collected/bundle.zip".into(), zipped);
    is_whole(&[put(folder.path(), "download.tar", &tar(&[nested]))]);
}

#[test]
fn an_archive_that_unpacks_to_more_than_is_read_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let zeros = vec![0u8; 4 << 20];
    let bombs = [
        put(folder.path(), "bomb.gz", &gz(&zeros)),
        put(
            folder.path(),
            "bomb.zip",
            &zip(&[("zeros".into(), zeros.clone())]),
        ),
        put(
            folder.path(),
            "bomb.tgz",
            &gz(&tar(&[Source::new("zeros".into(), zeros)])),
        ),
    ];
    for bomb in bombs {
        let error = input::read_at_most(std::slice::from_ref(&bomb), 1 << 20).unwrap_err();
        assert!(
            error.to_string().contains(&bomb.display().to_string()),
            "{error}"
        );
        assert!(input::read_at_most(&[bomb], 16 << 20).is_ok());
    }
}

#[test]
fn what_is_no_archive_and_what_is_not_there_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["x.gz", "x.zip", "x.tgz"] {
        let path = put(folder.path(), name, b"no archive");
        assert!(input::read(&[path]).is_err(), "{name}");
    }
    let missing = folder.path().join("missing");
    let error = input::read(std::slice::from_ref(&missing)).unwrap_err();
    assert!(error.to_string().contains("missing"));
    let empty = tempfile::tempdir().unwrap();
    assert!(input::read(&[empty.path().to_owned()]).is_err());
}
