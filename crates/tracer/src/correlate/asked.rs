//! A login that only its desktop tells of: the server's logs were not given, or do not reach back so far.

use std::collections::BTreeMap;

use tact_logline::step::Step;

use super::page::Page;
use super::{Anchor, Tracer};
use crate::attempt::{Attempt, Get};
use crate::diagnosis::{self, Diagnosis};
use crate::fact::Place;
use crate::login::{Confidence, Found, Login};

impl<'a> Tracer<'a, '_> {
    /// The steps that a client can see.
    pub(super) fn asked(&mut self, anchor: &Anchor<'a>, page: Page) -> Login {
        let mut login = Login::new(Some(anchor.agent.clone()), anchor.at, page.steps);
        let Some(attempt) = anchor.attempt else {
            return login;
        };
        login.extension = Some(attempt.extension.clone()).filter(|extension| !extension.is_empty());
        let path = format!("/User/{}", anchor.agent);
        let mut told: BTreeMap<Step, Found> = BTreeMap::new();
        let info = attempt.system_info.as_ref();
        told.extend(info.map(|get| (Step::SystemInfo, self.get_step(attempt, get))));
        told.extend(self.channel(anchor, anchor.at));
        let user = attempt.asked_before(&path);
        told.extend(user.map(|get| (Step::User, self.get_step(attempt, get))));
        if let Some(put) = attempt.put {
            let answered = attempt.put_answered;
            let mut found = self
                .client_step(attempt, put, anchor.at, Confidence::Strong)
                .lasting(answered.and_then(|(moment, _)| length(put.at, moment.at, put.slack)))
                .with("status", answered.map(|(_, status)| status))
                .with("request_id", attempt.request_id.clone());
            found
                .evidence
                .extend(answered.map(|(moment, _)| moment.place));
            told.insert(Step::SignIn, found);
        }
        for (step, found) in told {
            login.steps.entry(step).or_insert(found);
        }
        let failed = self.told_failure(attempt, &mut login);
        if failed.is_none() {
            self.client_side(anchor, &mut login.steps);
            login.steps.extend(self.only_asked(anchor));
        }
        login.notes = self.notes(anchor, &login);
        login.close(failed)
    }

    /// What the client was told when it failed.
    fn told_failure(&self, attempt: &Attempt, login: &mut Login) -> Option<(Step, Diagnosis)> {
        if let Some((_, status)) = attempt.put_answered.filter(|(_, status)| *status >= 400) {
            return Some((Step::SignIn, diagnosis::request_refused(status, "", None)));
        }
        let error = attempt.error.as_ref()?;
        let agent = login.agent.clone().unwrap_or_default();
        let extension = login.extension.clone().unwrap_or_default();
        let delivered = attempt.delivered?;
        let found = self.client_step(attempt, delivered, login.at, Confidence::Strong);
        login.steps.insert(Step::CtiEvent, found);
        Some((
            Step::CtiEvent,
            diagnosis::error_published(error, &agent, &extension),
        ))
    }

    /// A GET as its client saw it.
    fn get_step(&self, attempt: &Attempt, get: &Get) -> Found {
        let evidence: Vec<Place> = [Some(get.asked.place), get.answered.map(|(at, _)| at.place)]
            .into_iter()
            .flatten()
            .collect();
        let mut found = self
            .client_step(attempt, get.asked, get.nocache, Confidence::Strong)
            .with("nocache", Some(get.nocache))
            .with("status", get.answered.map(|(_, status)| status));
        let answered = get
            .answered
            .and_then(|(moment, _)| length(get.asked.at, moment.at, get.asked.slack));
        found.ms = answered;
        found.evidence = evidence;
        found
    }
}

/// A length between two stamps; whole seconds tell none.
fn length(from: Option<i64>, to: Option<i64>, slack: i64) -> Option<i64> {
    let (from, to) = (from?, to?);
    (slack == 0 && to >= from).then_some(to - from)
}
