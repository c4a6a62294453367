//! `tact logs get`: files into a folder, or into one archive as `file get ... compress` makes it:
//! `<node>/<date and time>/active_1.tgz`, with the paths kept inside (logs.md 1.1).

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use tact_logline::time;

use super::node::{File, Node};

/// Which files, and where to.
#[derive(Debug, clap::Args)]
pub(crate) struct Fetch {
    /// The folder in which a folder for each node is made.
    #[arg(long, value_name = "DIR", default_value = ".")]
    into: PathBuf,
    #[command(flatten)]
    pub(crate) of: super::Args,
}

/// Writes a node's files; where to. Nothing is written when there are none.
pub(crate) fn into(
    node: &Node,
    files: &[File],
    args: &Fetch,
    compress: bool,
) -> Result<Option<PathBuf>> {
    if files.is_empty() {
        return Ok(None);
    }
    let now = time::rfc3339(tact_server::clock::now_ms());
    let stamp = now
        .get(..19)
        .unwrap_or(&now)
        .replace('T', "_")
        .replace(':', "-");
    let folder = args.into.join(&node.name).join(stamp);
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    if compress {
        let path = folder.join("active_1.tgz");
        archive(node, files, &path).with_context(|| path.display().to_string())?;
        return Ok(Some(path));
    }
    for file in files {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let mut to = fs::File::create(&path).with_context(|| path.display().to_string())?;
        io::copy(&mut node.open_file(file)?, &mut to).with_context(|| file.path.clone())?;
    }
    Ok(Some(folder))
}

fn archive(node: &Node, files: &[File], path: &Path) -> Result<()> {
    let out = io::BufWriter::new(fs::File::create(path)?);
    let mut archive = tar::Builder::new(GzEncoder::new(out, Compression::default()));
    for file in files {
        // A member says its length first, and a live log may be cut or grow meanwhile: what was listed is what is kept.
        let mut bytes = Vec::new();
        node.open_file(file)?
            .take(file.bytes)
            .read_to_end(&mut bytes)?;
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(u64::try_from(file.modified / 1_000).unwrap_or(0));
        archive.append_data(&mut header, &file.path, bytes.as_slice())?;
    }
    archive.into_inner()?.finish()?;
    Ok(())
}
