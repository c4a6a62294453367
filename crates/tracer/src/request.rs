//! REST requests put together from their records: REQUEST_START to REQUEST_END by thread, and the access log's line.

use std::collections::{BTreeMap, VecDeque};

use crate::fact::{Access, Fact, Kind, Place};

/// The access log has whole seconds, and a server may write when a request began or when it ended.
const ACCESS_SLACK_MS: i64 = 2_000;

/// One REST request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) at: i64,
    pub(crate) method: String,
    /// The path below `/finesse/api`.
    pub(crate) resource: String,
    pub(crate) nocache: Option<i64>,
    pub(crate) category: Option<String>,
    /// Who asked; empty where the resource needs nobody.
    pub(crate) user: String,
    /// Whom it is about.
    pub(crate) agent: String,
    pub(crate) request_id: Option<String>,
    pub(crate) parameters: String,
    pub(crate) error: Option<(u16, String)>,
    pub(crate) elapsed: Option<i64>,
    pub(crate) places: Vec<Place>,
    pub(crate) access: Option<Access>,
    /// The browser's own request, where a gadget container carried this one.
    pub(crate) gadget: Option<Access>,
    /// The record that gave `at`.
    pub(crate) begun: Option<Place>,
    /// `at` is of a client's clock, because the records carry no time of their own.
    pub(crate) is_by_client: bool,
}

impl Request {
    /// A parameter of ` extension:2003 state:LOGIN`.
    pub(crate) fn parameter(&self, key: &str) -> Option<&str> {
        self.parameters
            .split_ascii_whitespace()
            .find_map(|word| word.strip_prefix(key)?.strip_prefix(':'))
    }

    /// A request to sign in.
    pub(crate) fn is_sign_in(&self) -> bool {
        self.method == "PUT" && self.parameter("state") == Some("LOGIN")
    }

    /// What the client was told when it was refused: the status, and the error where it is logged.
    pub(crate) fn refusal(&self) -> Option<(u16, String)> {
        let status = self
            .access
            .as_ref()
            .map(|access| access.status)
            .filter(|status| *status >= 400);
        self.error
            .clone()
            .or_else(|| status.map(|status| (status, String::new())))
    }

    /// What the browser itself sent: a gadget container's own address is this machine.
    pub(crate) fn browser(&self) -> Option<&Access> {
        self.gadget.as_ref().or(self.access.as_ref())
    }

    /// When the answer was ready.
    pub(crate) fn end(&self) -> i64 {
        self.at.saturating_add(self.elapsed.unwrap_or(0))
    }

    fn new(at: i64, place: Place, method: String, resource: String) -> Request {
        Request {
            at,
            method,
            resource,
            nocache: None,
            category: None,
            user: String::new(),
            agent: String::new(),
            request_id: None,
            parameters: String::new(),
            error: None,
            elapsed: None,
            places: vec![place],
            access: None,
            gadget: None,
            begun: Some(place),
            is_by_client: false,
        }
    }
}

/// All requests in the order in which they began. Takes facts by time.
pub(crate) fn requests(facts: &[Fact]) -> Vec<Request> {
    let mut requests = by_thread(facts);
    requests.sort_by_key(|request| request.at);
    join_access(&mut requests, facts);
    join_gadgets(&mut requests, facts);
    requests
}

/// Gives each request the gadget container's line that carried it, by nocache or requestId.
fn join_gadgets(requests: &mut [Request], facts: &[Fact]) {
    let mut lines: Vec<(&Fact, &Access, Option<&str>)> = facts
        .iter()
        .filter_map(|fact| match &fact.kind {
            Kind::Gadget { access, request_id } => Some((fact, access, request_id.as_deref())),
            _ => None,
        })
        .collect();
    if lines.is_empty() {
        return;
    }
    for request in requests {
        let found = lines.iter().position(|(_, access, id)| {
            let path = access.path.strip_prefix("/finesse/api").unwrap_or_default();
            let is_named = match (&request.request_id, id) {
                (Some(own), Some(id)) => own == id,
                _ => request.nocache.is_some() && access.nocache == request.nocache,
            };
            is_named && path == request.resource && access.method == request.method
        });
        if let Some(index) = found {
            let (fact, access, _) = lines.remove(index);
            request.gadget = Some(access.clone());
            request.places.push(fact.place);
        }
    }
}

fn by_thread(facts: &[Fact]) -> Vec<Request> {
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    let mut requests: Vec<Request> = Vec::new();
    for fact in facts {
        match &fact.kind {
            Kind::Start {
                thread,
                method,
                resource,
                nocache,
                category,
                user,
            } => {
                open.insert(thread, requests.len());
                let mut request =
                    Request::new(fact.at, fact.place, method.clone(), resource.clone());
                request.nocache = *nocache;
                request.category.clone_from(category);
                request.user.clone_from(user);
                requests.push(request);
            }
            Kind::Api {
                thread,
                url,
                agent,
                request_id,
                method,
                parameters,
            } => {
                let method = method.rsplit('.').next().unwrap_or_default();
                let resource = format!("/{}", url.trim_matches('/'));
                // A log that was cut may lack the beginning; another request's must not be taken for it.
                let index = match open.get(thread.as_str()).copied() {
                    Some(index)
                        if requests
                            .get(index)
                            .is_some_and(|request| request.is_same(method, &resource)) =>
                    {
                        index
                    }
                    _ => {
                        open.insert(thread, requests.len());
                        requests.push(Request::new(
                            fact.at,
                            fact.place,
                            method.to_owned(),
                            resource,
                        ));
                        requests.len() - 1
                    }
                };
                let Some(request) = requests.get_mut(index) else {
                    continue;
                };
                // The line that names the agent and the id says most, so it stands first.
                request.places.retain(|place| *place != fact.place);
                request.places.insert(0, fact.place);
                request.agent.clone_from(agent);
                request.request_id.clone_from(request_id);
                request.parameters.clone_from(parameters);
            }
            Kind::ApiError {
                thread,
                status,
                text,
            } => {
                if let Some(request) = open
                    .get(thread.as_str())
                    .and_then(|index| requests.get_mut(*index))
                {
                    request.error = Some((*status, text.clone()));
                    request.places.push(fact.place);
                }
            }
            Kind::End { thread, elapsed } => {
                if let Some(request) = open
                    .remove(thread.as_str())
                    .and_then(|index| requests.get_mut(index))
                {
                    request.elapsed = Some(*elapsed);
                    request.places.push(fact.place);
                }
            }
            _ => {}
        }
    }
    requests
}

impl Request {
    fn is_same(&self, method: &str, resource: &str) -> bool {
        let plain = |text: &str| {
            text.trim_matches('/')
                .split('?')
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        self.agent.is_empty() && self.method == method && plain(&self.resource) == plain(resource)
    }
}

/// Gives each request the first line of the access log that can be its own; no line is given twice.
fn join_access(requests: &mut [Request], facts: &[Fact]) {
    type Key<'a> = (&'a str, &'a str, Option<i64>);
    let mut lines: BTreeMap<Key<'_>, VecDeque<(&Fact, &Access)>> = BTreeMap::new();
    for fact in facts {
        if let Kind::Access(access) = &fact.kind
            && let Some(resource) = access.path.strip_prefix("/finesse/api")
        {
            lines
                .entry((&access.method, resource, access.nocache))
                .or_default()
                .push_back((fact, access));
        }
    }
    for request in requests {
        let Some(queue) = lines.get_mut(&(&*request.method, &*request.resource, request.nocache))
        else {
            continue;
        };
        let (from, to) = (
            request.at - ACCESS_SLACK_MS,
            request.end() + ACCESS_SLACK_MS,
        );
        let found = queue.iter().position(|(fact, access)| {
            let is_user =
                request.user.is_empty() || access.user.is_empty() || request.user == access.user;
            is_user && (from..=to).contains(&fact.at)
        });
        if let Some((fact, access)) = found.and_then(|index| queue.remove(index)) {
            request.access = Some(access.clone());
            request.places.push(fact.place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(line: u64) -> Place {
        Place { source: 0, line }
    }

    fn start(at: i64, line: u64, thread: &str, resource: &str) -> Fact {
        let kind = Kind::Start {
            thread: thread.into(),
            method: "PUT".into(),
            resource: resource.into(),
            nocache: None,
            category: None,
            user: String::new(),
        };
        Fact {
            at,
            place: place(line),
            kind,
        }
    }

    fn api(at: i64, line: u64, thread: &str, agent: &str) -> Fact {
        let kind = Kind::Api {
            thread: thread.into(),
            url: format!("User/{agent}"),
            agent: agent.into(),
            request_id: Some(format!("id-{agent}")),
            method: "user.PUT".into(),
            parameters: " extension:2003 state:LOGIN".into(),
        };
        Fact {
            at,
            place: place(line),
            kind,
        }
    }

    fn end(at: i64, line: u64, thread: &str) -> Fact {
        Fact {
            at,
            place: place(line),
            kind: Kind::End {
                thread: thread.into(),
                elapsed: 7,
            },
        }
    }

    #[test]
    fn interleaved_threads_stay_apart() {
        let facts = [
            start(1, 1, "a", "/User/1"),
            start(1, 2, "b", "/User/2"),
            api(1, 3, "b", "2"),
            api(1, 4, "a", "1"),
            end(8, 5, "b"),
            end(8, 6, "a"),
        ];
        let found = requests(&facts);
        let lines: Vec<Vec<u64>> = found
            .iter()
            .map(|request| request.places.iter().map(|place| place.line).collect())
            .collect();
        assert_eq!(lines, [[4, 1, 6], [3, 2, 5]]);
        assert!(
            found
                .iter()
                .all(|request| request.is_sign_in() && request.end() == 8)
        );
        assert_eq!(found[1].parameter("extension"), Some("2003"));
    }

    #[test]
    fn a_request_whose_beginning_was_cut_is_one_of_its_own() {
        let found = requests(&[
            start(1, 1, "a", "/SystemInfo"),
            api(5, 2, "a", "1"),
            end(9, 3, "a"),
        ]);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[1].resource.as_str(), found[1].elapsed),
            ("/User/1", Some(7))
        );
    }

    #[test]
    fn two_puts_of_one_second_take_two_access_lines() {
        let hit = |line, status| {
            let access = Access {
                client: "127.0.0.1".into(),
                user: String::new(),
                method: "PUT".into(),
                path: "/finesse/api/User/1".into(),
                nocache: None,
                status,
                elapsed: 1,
            };
            Fact {
                at: 0,
                place: place(line),
                kind: Kind::Access(access),
            }
        };
        let facts = [
            hit(8, 202),
            hit(9, 503),
            start(100, 1, "a", "/User/1"),
            api(100, 2, "a", "1"),
            end(101, 3, "a"),
            start(300, 4, "a", "/User/1"),
            api(300, 5, "a", "1"),
            end(301, 6, "a"),
        ];
        let statuses: Vec<_> = requests(&facts)
            .iter()
            .map(|request| request.refusal().map(|(code, _)| code))
            .collect();
        assert_eq!(statuses, [None, Some(503)]);
    }
}
