//! REST requests, put together from the records of their threads (logs.md 5).

use std::collections::BTreeMap;

use crate::fact::{Facts, Kind, Place};

/// One REST request, put together from its records.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) at: i64,
    pub(super) method: String,
    pub(super) resource: String,
    pub(super) nocache: Option<i64>,
    pub(super) agent: String,
    pub(super) request_id: Option<String>,
    pub(super) parameters: String,
    pub(super) error: Option<(u16, String)>,
    pub(super) elapsed: Option<i64>,
    pub(super) places: Vec<Place>,
}

/// REQUEST_START to REQUEST_END by thread, in order; REQUEST_END carries no id.
pub(super) fn requests(facts: &Facts) -> Vec<Request> {
    let mut open: BTreeMap<&str, usize> = BTreeMap::new();
    let mut requests: Vec<Request> = Vec::new();
    for fact in &facts.facts {
        let thread = match &fact.kind {
            Kind::Start { thread, .. }
            | Kind::Api { thread, .. }
            | Kind::ApiError { thread, .. }
            | Kind::End { thread, .. } => thread.as_str(),
            _ => continue,
        };
        if let Kind::Start {
            method,
            resource,
            nocache,
            ..
        } = &fact.kind
        {
            open.insert(thread, requests.len());
            requests.push(Request {
                at: fact.at,
                method: method.clone(),
                resource: resource.clone(),
                nocache: *nocache,
                agent: String::new(),
                request_id: None,
                parameters: String::new(),
                error: None,
                elapsed: None,
                places: vec![fact.place],
            });
            continue;
        }
        let Some(request) = open.get(thread).and_then(|index| requests.get_mut(*index)) else {
            continue;
        };
        request.places.push(fact.place);
        match &fact.kind {
            Kind::Api {
                agent,
                request_id,
                parameters,
                ..
            } => {
                request.agent.clone_from(agent);
                request.request_id.clone_from(request_id);
                request.parameters.clone_from(parameters);
            }
            Kind::ApiError { status, text, .. } => request.error = Some((*status, text.clone())),
            Kind::End { elapsed, .. } => {
                request.elapsed = Some(*elapsed);
                open.remove(thread);
            }
            _ => {}
        }
    }
    requests
}
