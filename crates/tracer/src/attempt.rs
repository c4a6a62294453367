//! A client log cut into attempts to sign in: what one desktop says about each.
//!
//! A log may hold several attempts, because the page stays open, and several logs the same one, because a page sends
//! all it has each time.

use std::collections::BTreeSet;

use crate::fact::{ApiFailure, ClientLine, ClientLog, Place, Says};

/// A moment of a client log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Milliseconds since 1970 by the client's clock.
    pub(crate) at: Option<i64>,
    pub(crate) place: Place,
    /// How much later it may have been, milliseconds: 999 for a log of whole seconds.
    pub(crate) slack: i64,
}

/// A GET of a client log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Get {
    pub(crate) path: String,
    pub(crate) nocache: i64,
    pub(crate) asked: Moment,
    pub(crate) answered: Option<(Moment, u16)>,
}

/// What a desktop says about one attempt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// Index of the client log.
    pub(crate) log: usize,
    /// The agent who sent the log; may be empty.
    pub(crate) log_agent: String,
    /// The first nocache of the log: the same for all that one page sends.
    pub(crate) page: Option<i64>,
    pub(crate) system_info: Option<Get>,
    /// False when the last SystemInfo told that the server is out of service.
    pub(crate) in_service: Option<bool>,
    pub(crate) established: Option<Moment>,
    pub(crate) unauthorized: Option<Moment>,
    /// GETs before the PUT and after it.
    pub(crate) before: Vec<Get>,
    pub(crate) after: Vec<Get>,
    pub(crate) request_id: Option<String>,
    pub(crate) put: Option<Moment>,
    pub(crate) put_answered: Option<(Moment, u16)>,
    /// The extension that it asked for; may be empty.
    pub(crate) extension: String,
    /// The error in the event that it got.
    pub(crate) error: Option<ApiFailure>,
    /// The last line of the log.
    pub(crate) last: Option<i64>,
    pub(crate) delivered: Option<Moment>,
    pub(crate) logged_in: Option<Moment>,
    /// Losses of the channel before it stood, with how often it had tried by then where that is told.
    pub(crate) retries: Vec<(Moment, Option<u32>)>,
    /// When it began to connect.
    pub(crate) connecting: Option<Moment>,
    /// Lines that look like faults and are none.
    pub(crate) benign: Vec<Place>,
}

impl Attempt {
    /// The newest GET of this path before the PUT.
    pub(crate) fn asked_before(&self, path: &str) -> Option<&Get> {
        self.before.iter().rev().find(|get| get.path == path)
    }

    /// It began to connect its channel and never had it.
    pub(crate) fn has_no_channel(&self) -> bool {
        self.connecting.is_some() && self.established.is_none() && self.request_id.is_none()
    }

    /// The agent whose document it asked for.
    pub(crate) fn named(&self) -> Option<String> {
        let gets = self.before.iter().chain(&self.after);
        gets.filter_map(|get| get.path.strip_prefix("/User/"))
            .filter_map(|rest| rest.split(['/', '?']).next())
            .find(|id| !id.is_empty())
            .map(str::to_owned)
    }

    /// How much it tells; of an attempt that was sent twice the fuller one counts.
    pub(crate) fn weight(&self) -> usize {
        usize::from(self.delivered.is_some()) * 100
            + usize::from(self.logged_in.is_some()) * 100
            + self.after.len()
    }
}

/// The attempts of one log. `sign_ins` are the requestIds of the server's PUTs that sign in.
pub(crate) fn attempts(index: usize, log: &ClientLog, sign_ins: &BTreeSet<&str>) -> Vec<Attempt> {
    let mut cutter = Cutter {
        log: index,
        current: Attempt::default(),
        is_performing: false,
        done: Vec::new(),
    };
    cutter.current.log = index;
    for line in &log.lines {
        cutter.take(line, sign_ins);
    }
    cutter.next();
    let page = log.lines.iter().find_map(|line| match &line.says {
        Says::Get { nocache, .. } => Some(*nocache),
        _ => None,
    });
    for attempt in &mut cutter.done {
        attempt.page = page;
        attempt.last = log.lines.iter().rev().find_map(|line| line.at);
        attempt.log_agent = log.agent.clone().unwrap_or_default();
    }
    cutter.done
}

struct Cutter {
    log: usize,
    current: Attempt,
    is_performing: bool,
    done: Vec<Attempt>,
}

impl Cutter {
    /// Closes the current attempt. What the page did once (SystemInfo, channel) also holds for the next attempt, until
    /// it does it again.
    fn next(&mut self) {
        let mut following = Attempt {
            log: self.log,
            system_info: self.current.system_info.clone(),
            in_service: self.current.in_service,
            established: self.current.established,
            retries: self.current.retries.clone(),
            connecting: self.current.connecting,
            ..Attempt::default()
        };
        std::mem::swap(&mut following, &mut self.current);
        let says_something = following.put.is_some()
            || following.request_id.is_some()
            || following.unauthorized.is_some()
            || following.in_service == Some(false)
            || following.has_no_channel();
        if says_something {
            self.done.push(following);
        }
        self.is_performing = false;
    }

    /// The page starts over: nothing of before holds.
    fn start_over(&mut self) {
        self.next();
        self.current = Attempt {
            log: self.log,
            ..Attempt::default()
        };
    }

    fn take(&mut self, line: &ClientLine, sign_ins: &BTreeSet<&str>) {
        let moment = Moment {
            at: line.at,
            place: line.place,
            slack: if line.is_coarse() { 999 } else { 0 },
        };
        let current = &mut self.current;
        match &line.says {
            Says::Get { path, nocache } => {
                let path = path.strip_prefix("/finesse/api").unwrap_or(path).to_owned();
                let get = Get {
                    path,
                    nocache: *nocache,
                    asked: moment,
                    answered: None,
                };
                if get.path == "/SystemInfo" {
                    // A desktop that is signed in asks again when its connection was lost; that is no new attempt yet.
                    if current.request_id.is_some() || current.unauthorized.is_some() {
                        self.start_over();
                    }
                    self.current.system_info = Some(get);
                } else if current.request_id.is_some() {
                    current.after.push(get);
                } else {
                    current.before.push(get);
                }
            }
            Says::Put { request_id } => {
                if !self.is_performing && !sign_ins.contains(request_id.as_str()) {
                    return;
                }
                if current
                    .request_id
                    .as_deref()
                    .is_some_and(|id| id != request_id)
                {
                    self.next();
                }
                let current = &mut self.current;
                if current.put.is_none() {
                    current.request_id = Some(request_id.clone());
                    current.put = Some(moment);
                }
                self.is_performing = false;
            }
            Says::Answer {
                request_id: None,
                status,
            } => {
                let open = [current.system_info.as_mut()]
                    .into_iter()
                    .flatten()
                    .chain(&mut current.before)
                    .chain(&mut current.after)
                    .find(|get| get.answered.is_none());
                if let Some(get) = open {
                    get.answered = Some((moment, *status));
                }
            }
            Says::Answer { request_id, status } => {
                if *request_id == current.request_id {
                    current.put_answered.get_or_insert((moment, *status));
                }
            }
            Says::Received { request_id, error } => {
                // The line of the PUT may be cut; its event names it too.
                if current.request_id.is_none() && sign_ins.contains(request_id.as_str()) {
                    current.request_id = Some(request_id.clone());
                }
                if current.request_id.as_ref() == Some(request_id) {
                    current.delivered.get_or_insert(moment);
                    if current.error.is_none() {
                        current.error.clone_from(error);
                    }
                }
            }
            Says::Connecting => _ = current.connecting.get_or_insert(moment),
            Says::Connection { up: false } if current.established.is_none() => {
                current.retries.push((moment, None));
            }
            Says::Retry { count } if current.established.is_none() => {
                match current.retries.last_mut() {
                    Some((_, seen @ None)) => *seen = Some(*count),
                    _ => current.retries.push((moment, Some(*count))),
                }
            }
            Says::Connection { .. } | Says::Retry { .. } => {}
            Says::Benign => current.benign.push(line.place),
            Says::SystemInfo { in_service } => current.in_service = Some(*in_service),
            Says::Established => current.established = Some(moment),
            Says::Unauthorized => current.unauthorized = Some(moment),
            Says::Performing { extension } => {
                if current.put.is_some() {
                    self.next();
                }
                self.current.extension.clone_from(extension);
                self.is_performing = true;
            }
            Says::LoggedIn => {
                if current.request_id.is_some() {
                    current.logged_in.get_or_insert(moment);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(says: Vec<Says>) -> ClientLog {
        let line = |(index, says)| {
            let line = index as u64 + 1;
            ClientLine {
                at: Some(1_000 + line as i64),
                place: Place { source: 0, line },
                says,
                of_day: None,
            }
        };
        ClientLog {
            agent: None,
            source: 0,
            drift: None,
            lines: says.into_iter().enumerate().map(line).collect(),
        }
    }

    fn get(path: &str, nocache: i64) -> Says {
        Says::Get {
            path: format!("/finesse/api{path}"),
            nocache,
        }
    }

    fn put(id: &str) -> Says {
        Says::Put {
            request_id: id.into(),
        }
    }

    #[test]
    fn a_page_that_stays_open_keeps_its_channel_for_the_next_login() {
        let log = log(vec![
            get("/SystemInfo", 1),
            Says::SystemInfo { in_service: true },
            Says::Established,
            get("/User/2001", 2),
            Says::Performing {
                extension: String::new(),
            },
            put("a"),
            Says::Received {
                request_id: "a".into(),
                error: None,
            },
            Says::LoggedIn,
            get("/User/2001/Dialogs", 3),
            put("a state change"),
            Says::Performing {
                extension: String::new(),
            },
            put("b"),
            Says::LoggedIn,
        ]);
        let found = attempts(0, &log, &BTreeSet::new());
        let ids: Vec<_> = found
            .iter()
            .map(|attempt| attempt.request_id.as_deref())
            .collect();
        assert_eq!(ids, [Some("a"), Some("b")]);
        assert_eq!(found[0].after.len(), 1);
        assert!(found[0].delivered.is_some() && found[1].delivered.is_none());
        assert_eq!(
            found[1].system_info.as_ref().map(|get| get.nocache),
            Some(1)
        );
        assert!(found[1].established.is_some() && found[1].before.is_empty());
    }

    #[test]
    fn a_refused_password_is_an_attempt_and_the_next_try_another() {
        let log = log(vec![
            get("/SystemInfo", 1),
            Says::SystemInfo { in_service: true },
            Says::Unauthorized,
            get("/SystemInfo", 2),
            Says::Established,
            put("b"),
        ]);
        let found = attempts(0, &log, &BTreeSet::from(["b"]));
        assert_eq!(found.len(), 2);
        assert!(found[0].unauthorized.is_some() && found[0].put.is_none());
        assert!(found[1].unauthorized.is_none());
        assert_eq!(
            found[1].system_info.as_ref().map(|get| get.nocache),
            Some(2)
        );
    }

    #[test]
    fn out_of_service_is_an_attempt_only_while_it_lasts() {
        let down = Says::SystemInfo { in_service: false };
        let up = Says::SystemInfo { in_service: true };
        let found = attempts(
            0,
            &log(vec![get("/SystemInfo", 1), down.clone()]),
            &BTreeSet::new(),
        );
        assert_eq!(found.len(), 1);
        let log = log(vec![
            get("/SystemInfo", 1),
            down,
            get("/SystemInfo", 2),
            up,
            Says::Performing {
                extension: String::new(),
            },
            put("a"),
        ]);
        let found = attempts(0, &log, &BTreeSet::new());
        assert_eq!((found.len(), found[0].in_service), (1, Some(true)));
    }
}
