//! `GET /tact/logs`: the log files, and `GET /tact/logs/{path}`: a part of one, as its `Range` asks for it; `GET
//! /trace/{requestId}`: what the tracer makes of one login. Not of the original's API, where an engineer has the command
//! line of the machine. For administrators; in the demo centre, which has none, for supervisors.
//!
//! The list is JSON: `[{"path": "webservices/x.log", "bytes": 12, "modified": 1366756802163}]`, the time in milliseconds
//! since 1970. A part is at most [`PART`] bytes long: 206 with `Content-Range` tells which one it is and how long the file
//! is, so a client asks again for what lies behind.

use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::extract::{Path as InPath, State};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use serde::Serialize;
use tokio::sync::Semaphore;

use super::answer::Refusal;
use super::exchange::{self, Exchange};
use super::refusal;
use crate::tracer::Tracer;

/// The list.
pub const PATH: &str = "/tact/logs";
/// Bytes of one answer.
pub const PART: u64 = 1 << 20;
/// Files of one list.
const MOST_FILES: usize = 20_000;
/// Folders inside each other.
const DEEPEST: usize = 8;

/// What the resources work with.
#[derive(Clone)]
struct Shelf {
    rest: super::State,
    folder: Arc<Path>,
    is_demo: bool,
    tracer: Option<Arc<dyn Tracer>>,
    /// One trace at a time: it may read gigabytes.
    turn: Arc<Semaphore>,
}

/// One file.
#[derive(Debug, Serialize)]
struct File {
    path: String,
    bytes: u64,
    modified: u64,
}

/// The resources, over the folder of the logs.
pub fn routes(
    rest: super::State,
    folder: PathBuf,
    is_demo: bool,
    tracer: Option<Arc<dyn Tracer>>,
) -> Router {
    let options = || exchange::options("GET,OPTIONS,HEAD");
    let router = Router::new()
        .route(PATH, get(list).options(options))
        .route(&format!("{PATH}/{{*path}}"), get(part).options(options))
        .route("/trace/{request_id}", get(trace).options(options));
    let shelf = Shelf {
        rest: rest.clone(),
        folder: folder.into(),
        is_demo,
        tracer,
        turn: Arc::new(Semaphore::new(1)),
    };
    super::beside(rest, router, shelf)
}

impl Shelf {
    /// Refuses whoever may not read logs.
    fn check(&self, exchange: &Exchange) -> Result<(), Refusal> {
        let may = exchange
            .principal()
            .is_some_and(|user| user.administrator || self.is_demo && user.supervisor);
        if may {
            Ok(())
        } else {
            Err(refusal::other_user(exchange.user()))
        }
    }

    /// The file that a path names, if it is one of ours. No link is followed and no path leads out.
    fn file(&self, path: &str) -> Option<PathBuf> {
        let relative = Path::new(path);
        let is_inside = relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !is_inside || path.is_empty() {
            return None;
        }
        let mut file = self.folder.to_path_buf();
        for part in relative.components() {
            file.push(part);
            if fs::symlink_metadata(&file).ok()?.is_symlink() {
                return None;
            }
        }
        file.is_file().then_some(file)
    }
}

async fn list(
    State(shelf): State<Shelf>,
    Extension(exchange): Extension<Exchange>,
) -> Result<Response, Refusal> {
    exchange.understood("Logs-GET", "", "logs.GET", "");
    shelf.check(&exchange)?;
    shelf.rest.logs.flush();
    let files = blocking(move || {
        let mut files = Vec::new();
        walk(&shelf.folder, &shelf.folder, 0, &mut files)?;
        files.sort_by(|a: &File, b: &File| a.path.cmp(&b.path));
        Ok(files)
    })
    .await?;
    let json = serde_json::to_vec(&files).map_err(|error| refusal::internal(error.to_string()))?;
    Ok(([(CONTENT_TYPE, "application/json")], json).into_response())
}

fn walk(root: &Path, folder: &Path, depth: usize, files: &mut Vec<File>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A rotated log is compressed and removed while we look.
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        let path = entry.path();
        if metadata.is_dir() && depth < DEEPEST {
            walk(root, &path, depth + 1, files)?;
        } else if metadata.is_file() && files.len() < MOST_FILES {
            let relative = path.strip_prefix(root).ok().and_then(Path::to_str);
            let modified = metadata.modified()?.duration_since(UNIX_EPOCH);
            files.extend(relative.map(|path| File {
                path: path.to_owned(),
                bytes: metadata.len(),
                modified: modified.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(0)),
            }));
        }
    }
    Ok(())
}

async fn part(
    State(shelf): State<Shelf>,
    Extension(exchange): Extension<Exchange>,
    InPath(path): InPath<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    exchange.understood("Logs-[path]-GET", "", "log.GET", &path);
    shelf.check(&exchange)?;
    shelf.rest.logs.flush();
    let range = headers.get(RANGE).map(|value| value.to_str().unwrap_or(""));
    let (from, to) = match range {
        None => (0, u64::MAX),
        Some(range) => asked(range).ok_or_else(refusal::range_not_satisfiable)?,
    };
    let found = blocking(move || {
        let Some(file) = shelf.file(&path) else {
            return Ok(None);
        };
        let mut file = fs::File::open(file)?;
        let length = file.metadata()?.len();
        if from > length {
            return Ok(Some((Vec::new(), length)));
        }
        file.seek(SeekFrom::Start(from))?;
        let wanted = to.saturating_sub(from).saturating_add(1).min(PART);
        let mut bytes = Vec::new();
        file.take(wanted).read_to_end(&mut bytes)?;
        Ok(Some((bytes, length)))
    })
    .await?;
    let (bytes, length) = found.ok_or_else(|| refusal::not_found("log"))?;
    let end = from.saturating_add(bytes.len() as u64);
    if bytes.is_empty() && from > 0 {
        return Err(refusal::range_not_satisfiable());
    }
    let kind = [
        (CONTENT_TYPE, "application/octet-stream"),
        (ACCEPT_RANGES, "bytes"),
    ];
    if from == 0 && end >= length {
        return Ok((kind, Body::from(bytes)).into_response());
    }
    let range = format!("bytes {from}-{}/{}", end.saturating_sub(1), length.max(end));
    Ok((
        StatusCode::PARTIAL_CONTENT,
        kind,
        [(CONTENT_RANGE, range)],
        Body::from(bytes),
    )
        .into_response())
}

/// `bytes=10-20` or `bytes=10-`; one range only.
fn asked(range: &str) -> Option<(u64, u64)> {
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    let from = from.parse().ok()?;
    let to = if to.is_empty() {
        u64::MAX
    } else {
        to.parse().ok()?
    };
    (from <= to).then_some((from, to))
}

async fn trace(
    State(shelf): State<Shelf>,
    Extension(exchange): Extension<Exchange>,
    InPath(request_id): InPath<String>,
) -> Result<Response, Refusal> {
    exchange.understood("Trace-[requestId]-GET", "", "trace.GET", &request_id);
    shelf.check(&exchange)?;
    let Some(tracer) = shelf.tracer.clone() else {
        return Err(refusal::not_found("trace"));
    };
    shelf.rest.logs.flush();
    let Ok(turn) = Arc::clone(&shelf.turn).acquire_owned().await else {
        return Err(refusal::out_of_service());
    };
    let page = blocking(move || {
        let page = tracer.page(&shelf.folder, &request_id);
        drop(turn);
        page
    })
    .await?;
    let page = page.ok_or_else(|| refusal::not_found("trace"))?;
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, page.policy),
    ];
    Ok((headers, page.html).into_response())
}

/// Runs what reads files on a thread for it.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Refusal> {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(refusal::internal(format!(
            "logs could not be read: {error}"
        ))),
        Err(error) => Err(refusal::internal(format!("reading logs stopped: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_understood_and_no_other() {
        assert_eq!(asked("bytes=10-20"), Some((10, 20)));
        assert_eq!(asked("bytes=10-"), Some((10, u64::MAX)));
        for wrong in [
            "bytes=20-10",
            "bytes=-5",
            "bytes=1-2,4-5",
            "items=1-2",
            "bytes=",
            "bytes=é-",
        ] {
            assert_eq!(asked(wrong), None, "{wrong}");
        }
    }
}
