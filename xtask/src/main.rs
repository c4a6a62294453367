//! The checks that CI runs and no compiler makes: layering, licences, sizes, names.
//!
//! `cargo xtask tidy` prints every finding; `cargo test` runs the same checks, so CI has no rule of its own.

mod layers;
mod licences;
mod sources;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("tidy") => {
            let findings = tidy()?;
            for finding in &findings {
                println!("{finding}");
            }
            if findings.is_empty() {
                println!("tidy: nothing found");
                return Ok(());
            }
            bail!("tidy: {} findings", findings.len())
        }
        _ => bail!("usage: cargo xtask tidy"),
    }
}

/// Every finding, one a line.
fn tidy() -> Result<Vec<String>> {
    let root = root();
    let metadata = metadata(&root)?;
    let mut findings = layers::check(&metadata);
    findings.extend(licences::check(&metadata));
    findings.extend(sources::check(&root, &tracked(&root)?)?);
    Ok(findings)
}

fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

fn metadata(root: &Path) -> Result<serde_json::Value> {
    let output = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(root)
        .output()
        .context("cannot run cargo metadata")?;
    if !output.status.success() {
        bail!(
            "cargo metadata failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The files that git tracks.
fn tracked(root: &Path) -> Result<Vec<PathBuf>> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root)
        .output()
        .context("cannot run git ls-files")?;
    if !output.status.success() {
        bail!("git ls-files failed: is this a git checkout?");
    }
    Ok(String::from_utf8_lossy(&output.stdout)
        .split('\0')
        .filter(|name| !name.is_empty())
        .map(PathBuf::from)
        .filter(|name| root.join(name).exists())
        .collect())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tree_is_tidy() {
        let findings = super::tidy().unwrap();
        assert!(findings.is_empty(), "{}", findings.join("\n"));
    }
}
