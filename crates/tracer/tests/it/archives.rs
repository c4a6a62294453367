//! Files, folders and archives in.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::bundle::{Answer, Bundle, START};
use crate::bytes_of;
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
        header.set_size(bytes_of(file).len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, &file.name, &*bytes_of(file))
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
            put(folder.path(), &file.name, &bytes_of(file));
        } else {
            put(
                folder.path(),
                &format!("{}.gz", file.name),
                &gz(&bytes_of(file)),
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
        .map(|file| (format!("{}.gz", file.name), gz(&bytes_of(file))))
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

/// A tar entry of this name and kind, which no builder would write.
fn tricky(name: &str, kind: tar::EntryType, text: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_old();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(text.len() as u64);
    header.set_mode(0o644);
    header.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&header, text).unwrap();
    builder.into_inner().unwrap()
}

#[test]
fn what_leads_out_of_an_archive_is_refused_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let regular = tar::EntryType::Regular;
    let tricks = [
        ("../../etc/passwd", regular, &b"x"[..]),
        ("/etc/passwd", regular, b"x"),
        ("logs/passwd", tar::EntryType::Symlink, b""),
        ("logs/passwd", tar::EntryType::Link, b""),
        ("logs/null", tar::EntryType::Char, b""),
        ("logs/pipe", tar::EntryType::Fifo, b""),
    ];
    for (number, (name, kind, text)) in tricks.into_iter().enumerate() {
        let path = put(
            folder.path(),
            &format!("{number}/t.tgz"),
            &gz(&tricky(name, kind, text)),
        );
        let good = put(
            folder.path(),
            &format!("{number}/good.zip"),
            &zip(&[("../b.log".into(), b"x".to_vec())]),
        );
        let report = trace(&input::read(&[path.clone(), good]).unwrap(), None);
        let refused: Vec<_> = report
            .refused
            .iter()
            .map(|file| file.file.as_str())
            .collect();
        assert_eq!(refused.len(), 2, "{name}: {refused:?}");
        assert!(
            refused[0].ends_with(&format!("t.tgz!{name}")),
            "{refused:?}"
        );
        assert!(refused[1].ends_with("good.zip!../b.log"), "{refused:?}");
        assert!(
            report
                .refused
                .iter()
                .all(|file| file.why.contains("archive"))
        );
    }
}

#[test]
fn what_unpacks_to_far_more_than_a_log_does_is_refused_while_it_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let zeros = vec![0u8; 48 << 20];
    // The size at its end is a lie.
    let mut packed = gz(&zeros);
    let end = packed.len() - 4;
    packed[end..].copy_from_slice(&[1, 0, 0, 0]);
    put(folder.path(), "a/bomb.log.gz", &packed);
    put(
        folder.path(),
        "a/bomb.zip",
        &zip(&[("zeros".into(), zeros)]),
    );
    for file in bundle() {
        put(folder.path(), &format!("a/{}", file.name), &bytes_of(&file));
    }
    let report = trace(&input::read(&[folder.path().join("a")]).unwrap(), None);
    assert_eq!(report.logins[0].verdict, "ok", "the others are read");
    let refused: Vec<_> = report
        .refused
        .iter()
        .map(|file| file.why.as_str())
        .collect();
    assert_eq!(refused, ["unpacks to far more than any log does"; 2]);
}

#[test]
fn archives_in_archives_end_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    let mut packed = zip(&[("a.log".into(), b"x".to_vec())]);
    for _ in 0..4 {
        packed = zip(&[("inner.zip".into(), packed)]);
    }
    let path = put(folder.path(), "deep.zip", &packed);
    let report = trace(&input::read(&[path]).unwrap(), None);
    assert_eq!(report.refused.len(), 1);
    assert!(
        report.refused[0].why.contains("too many"),
        "{:?}",
        report.refused
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_and_in_a_folder_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "b.log", b"x");
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    assert_eq!(input::read(&[folder.path().to_owned()]).unwrap().len(), 1);
    let error = input::read(&[pipe]).unwrap_err();
    assert!(
        error.to_string().contains("neither a file nor a folder"),
        "{error}"
    );
}

#[test]
fn a_log_that_ends_earlier_than_it_was_long_is_read_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let path = put(
        folder.path(),
        "x.log",
        &b"18:40:05: Container : z\n".repeat(1_000),
    );
    let sources = input::read(std::slice::from_ref(&path)).unwrap();
    std::fs::OpenOptions::new()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(240)
        .unwrap();
    assert_eq!(crate::records_of(&sources[0]).len(), 10);
}
