//! The log, the same in a zip of ten members, and what was written.

use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Result;
use tact_bench::logs::{Logs, Written};

use crate::SEED;

/// Members of the bundle.
const MEMBERS: u64 = 10;

pub(crate) fn log(folder: &Path) -> PathBuf {
    folder.join("Desktop-webservices.log")
}

pub(crate) fn zipped(folder: &Path) -> PathBuf {
    folder.join("bundle.zip")
}

/// Writes all of it, and says what it is.
pub(crate) fn make(folder: &Path, megabytes: u64) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(log(folder))?);
    let (logins, records, bytes) = Logs::new(SEED).write(megabytes * 1_000_000, &mut out)?;
    out.flush()?;
    let mut list = BufWriter::new(File::create(folder.join("logins.txt"))?);
    for login in &logins {
        writeln!(
            list,
            "{} {} {} {}",
            login.agent, login.extension, login.request_id, login.at
        )?;
    }
    list.flush()?;
    zip(folder, bytes)?;
    println!(
        "{bytes} bytes, {records} records of {} bytes, {} logins, {} bytes zipped",
        bytes / records.max(1),
        logins.len(),
        std::fs::metadata(zipped(folder))?.len()
    );
    Ok(())
}

/// As rotated logs are: each member begins with a record.
fn zip(folder: &Path, bytes: u64) -> Result<()> {
    let mut log = File::open(log(folder))?;
    let mut writer = zip::ZipWriter::new(BufWriter::new(File::create(zipped(folder))?));
    let mut rest = Vec::new();
    for member in 0..MEMBERS {
        let options = zip::write::SimpleFileOptions::default().compression_level(Some(6));
        writer.start_file(
            format!("desktop/logs/webservices/Desktop-webservices.{member}.log"),
            options,
        )?;
        let mut text = std::mem::take(&mut rest);
        let step = bytes / MEMBERS + 1;
        std::io::Read::by_ref(&mut log)
            .take(step)
            .read_to_end(&mut text)?;
        if member + 1 < MEMBERS {
            // A line of digits begins a record.
            let mut end = text.len();
            while let Some(at) = text
                .get(..end)
                .and_then(|text| text.iter().rposition(|byte| *byte == b'\n'))
            {
                if text.get(at + 1).is_some_and(u8::is_ascii_digit) {
                    rest = text.split_off(at + 1);
                    break;
                }
                end = at;
            }
        }
        writer.write_all(&text)?;
    }
    writer.finish()?.flush()?;
    Ok(())
}

/// The logins of a log that was made.
pub(crate) fn logins(folder: &Path) -> Result<Vec<Written>> {
    let text = std::fs::read_to_string(folder.join("logins.txt"))?;
    text.lines()
        .map(|line| {
            let mut words = line.split(' ').map(str::to_owned);
            let mut next = || words.next().unwrap_or_default();
            Ok(Written {
                agent: next(),
                extension: next(),
                request_id: next(),
                at: next().parse()?,
            })
        })
        .collect()
}
