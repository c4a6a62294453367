//! Where logs lie: a folder, or a server that offers its own to administrators (`/tact/logs`).

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::{Context as _, Result, anyhow, bail};
use serde::Deserialize;
use tact_load::http::Client;
use tact_load::target::Target;
use tact_load::tls;
use tokio::runtime::Runtime;

/// Time for one answer.
const WITHIN: Duration = Duration::from_secs(30);
/// What a path keeps; everything else is encoded.
const PLAIN: &[u8] = b"-._~/";

/// One file of a node.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct File {
    /// Below the folder of the logs.
    pub(crate) path: String,
    pub(crate) bytes: u64,
    /// Milliseconds since 1970.
    pub(crate) modified: i64,
}

/// A node.
pub(crate) struct Node {
    /// As a folder may be called.
    pub(crate) name: String,
    kind: Kind,
}

enum Kind {
    Folder(PathBuf),
    Server(Arc<Remote>),
}

struct Remote {
    client: Client,
    runtime: Runtime,
}

/// Who asks a server.
pub(crate) struct Who<'a> {
    pub(crate) user: Option<&'a str>,
    pub(crate) password: Option<&'a str>,
    pub(crate) insecure: bool,
}

impl Node {
    /// A node by its address: `https://host:8445`, or a folder.
    pub(crate) fn open(address: &str, who: &Who<'_>) -> Result<Node> {
        if !address.contains("://") {
            let folder = PathBuf::from(address);
            if !folder.is_dir() {
                bail!("{address}: no such folder");
            }
            let name = folder.canonicalize()?;
            let name = name
                .file_name()
                .map(|name| name.to_string_lossy().into_owned());
            return Ok(Node {
                name: name.unwrap_or_else(|| "logs".to_owned()),
                kind: Kind::Folder(folder),
            });
        }
        let target = Target::parse(address).map_err(|error| anyhow!("{error}"))?;
        let config = tls::client_config(who.insecure || target.is_loopback())
            .map_err(|error| anyhow!("{error}"))?;
        let user = who.user.context("a server is asked as somebody: --user")?;
        let password = who
            .password
            .context("a server is asked with --password, or TACT_PASSWORD")?;
        // Two nodes may be one machine with two ports.
        let name = target.authority().replace([':', '[', ']'], "_");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let client = Client::new(target, config).with_credentials(user, password);
        Ok(Node {
            name,
            kind: Kind::Server(Arc::new(Remote { client, runtime })),
        })
    }

    /// Its files, by path.
    pub(crate) fn files(&self) -> Result<Vec<File>> {
        let mut files = match &self.kind {
            Kind::Folder(folder) => {
                let mut files = Vec::new();
                walk(folder, folder, &mut files).with_context(|| folder.display().to_string())?;
                files
            }
            Kind::Server(remote) => {
                let answer = remote
                    .runtime
                    .block_on(remote.client.get("/tact/logs", WITHIN))
                    .with_context(|| self.name.clone())?;
                match answer.status.as_u16() {
                    200 => {}
                    401 | 403 => bail!(
                        "{}: refused; the password is wrong, or the user is no administrator",
                        self.name
                    ),
                    other => bail!("{}: answered {other}", self.name),
                }
                serde_json::from_str::<Vec<File>>(&answer.body)
                    .with_context(|| format!("{}: its list of logs", self.name))?
            }
        };
        // A path of a server becomes one of ours: none may lead out.
        files.retain(|file| is_inside(&file.path));
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// The bytes of one of its files.
    pub(crate) fn open_file(&self, file: &File) -> Result<Box<dyn Read + '_>> {
        Ok(match &self.kind {
            Kind::Folder(folder) => {
                let path = folder.join(&file.path);
                Box::new(fs::File::open(&path).with_context(|| path.display().to_string())?)
            }
            Kind::Server(remote) => Box::new(Parts {
                remote: Arc::clone(remote),
                path: format!("/tact/logs/{}", encoded(&file.path)),
                // What is written meanwhile belongs to the next look.
                end: file.bytes,
                from: 0,
                part: io::Cursor::new(Vec::new()),
            }),
        })
    }
}

fn is_inside(path: &str) -> bool {
    !path.is_empty()
        && Path::new(path)
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        let path = entry.path();
        if metadata.is_dir() {
            walk(root, &path, files)?;
        } else if metadata.is_file()
            && let Some(relative) = path.strip_prefix(root).ok().and_then(Path::to_str)
        {
            let modified = metadata.modified()?.duration_since(UNIX_EPOCH);
            files.push(File {
                path: relative.to_owned(),
                bytes: metadata.len(),
                modified: modified.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0)),
            });
        }
    }
    Ok(())
}

/// A server's file, part by part.
struct Parts {
    remote: Arc<Remote>,
    path: String,
    end: u64,
    from: u64,
    part: io::Cursor<Vec<u8>>,
}

impl Read for Parts {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = self.part.read(room)?;
        if count > 0 || room.is_empty() || self.from >= self.end {
            return Ok(count);
        }
        let part = self
            .remote
            .runtime
            .block_on(self.remote.client.part(&self.path, self.from, WITHIN))
            .map_err(io::Error::other)?;
        match part.status.as_u16() {
            200 | 206 => {}
            // Rotated meanwhile: there is no more of it.
            404 | 416 => return Ok(0),
            other => return Err(io::Error::other(format!("{}: answered {other}", self.path))),
        }
        let left = usize::try_from(self.end - self.from).unwrap_or(usize::MAX);
        let bytes = part.bytes.get(..left).unwrap_or(&part.bytes).to_vec();
        if bytes.is_empty() {
            return Ok(0);
        }
        self.from += bytes.len() as u64;
        self.part = io::Cursor::new(bytes);
        self.part.read(room)
    }
}

fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leads_out_is_no_path() {
        assert!(is_inside("webservices/a.log"));
        for path in ["", "../x", "a/../../x", "/etc/passwd", "./a"] {
            assert!(!is_inside(path), "{path}");
        }
        assert_eq!(encoded("a b/ü?.log"), "a%20b/%C3%BC%3F.log");
    }
}
