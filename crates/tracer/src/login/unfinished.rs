//! Logins that never came to a PUT: refused credentials, and a CTI link that was down.

use std::collections::BTreeMap;

use tact_logline::step::Step;

use super::{
    Confidence, Found, Login, ONE_ATTEMPT_MS, SECOND, Tracer, Verdict, finished, found, is_page,
};
use crate::diagnosis;
use crate::fact::{Kind, Place};

impl Tracer<'_> {
    /// The logins that were refused before a PUT.
    pub(super) fn refusals(&mut self, logins: &[Login]) -> Vec<Login> {
        let mut attempts: Vec<(String, i64, i64, Vec<Place>, bool)> = Vec::new();
        for fact in &self.facts.facts {
            let (agent, is_channel) = match &fact.kind {
                Kind::SessionRefused { agent } => (agent, true),
                Kind::RealmRefused { agent, thread } => (agent, !thread.starts_with("http-")),
                _ => continue,
            };
            // A PUT that was refused tells this itself.
            if logins.iter().any(|login| {
                login.agent.as_deref() == Some(agent)
                    && (login.at - fact.at).abs() < SECOND
                    && matches!(login.verdict, Verdict::Failed(Step::SignIn, _))
            }) {
                continue;
            }
            let open = attempts
                .iter_mut()
                .rev()
                .find(|(name, _, last, ..)| name == agent && fact.at - *last <= ONE_ATTEMPT_MS);
            match open {
                Some((_, _, last, places, channel)) => {
                    *last = fact.at;
                    places.push(fact.place);
                    *channel |= is_channel;
                }
                None => attempts.push((
                    agent.clone(),
                    fact.at,
                    fact.at,
                    vec![fact.place],
                    is_channel,
                )),
            }
        }
        attempts
            .into_iter()
            .map(|(agent, from, at, places, is_channel)| {
                self.refusal(agent, from, at, places, is_channel)
            })
            .collect()
    }

    fn refusal(
        &mut self,
        agent: String,
        from: i64,
        at: i64,
        places: Vec<Place>,
        is_channel: bool,
    ) -> Login {
        let mut steps = BTreeMap::new();
        // The realm's line has milliseconds; the notification log's whole second may lie before the SystemInfo in it.
        let until = if from == at { at + SECOND } else { at };
        let earliest = from.saturating_sub(60 * SECOND);
        let refused = self.take_after(from - SECOND, until, |kind| {
            matches!(kind, Kind::Access { user, path, status: 401, .. } if *user == agent || path.ends_with(&format!("/User/{agent}")))
        });
        let info = self.get_step("/SystemInfo", None, earliest, until, Confidence::Time);
        if let Some((info, Some(address))) = &info {
            let desktop = self.desktop(address, earliest, info.at, false);
            steps.extend(desktop.map(|found| (Step::Desktop, found)));
        }
        steps.extend(info.map(|(found, _)| (Step::SystemInfo, found)));
        let step = if is_channel {
            Step::EventChannel
        } else {
            Step::User
        };
        let mut evidence = places;
        evidence.extend(refused.map(|(_, place, _)| place));
        let not_before = steps
            .get(&Step::SystemInfo)
            .map_or(at, |info: &Found| info.at);
        let when = if not_before - at < SECOND {
            at.max(not_before)
        } else {
            at
        };
        steps.insert(step, found(when, None, Confidence::Strong, evidence));
        let failed = Some((step, diagnosis::refused(&agent)));
        finished(Some(agent), None, at, failed, steps)
    }

    /// Desktops loaded while the CTI link was down that never came further than SystemInfo.
    pub(super) fn out_of_service(&mut self) -> Vec<Login> {
        let mut logins = Vec::new();
        for (index, fact) in self.facts.facts.iter().enumerate() {
            let Kind::Access { method, path, .. } = &fact.kind else {
                continue;
            };
            if self.used_facts.contains(&index) || method != "GET" || !is_page(path) {
                continue;
            }
            // The SystemInfo that this page asked for: the first unused one behind it.
            let asked = (0..self.requests.len()).find(|index| {
                !self.used_requests.contains(index)
                    && self.requests.get(*index).is_some_and(|r| {
                        r.resource == "/SystemInfo"
                            && r.at >= fact.at
                            && r.at <= fact.at + 60 * SECOND
                    })
            });
            let Some(asked) = asked else { continue };
            let at = self.requests.get(asked).map_or(fact.at, |r| r.at);
            let Some((_, _, why, place)) = self.is_down(at).cloned() else {
                continue;
            };
            self.used_requests.insert(asked);
            self.used_facts.insert(index);
            let Some((mut info, ..)) = self.step_of(asked, Confidence::Time) else {
                continue;
            };
            info.evidence.push(place);
            let steps = BTreeMap::from([
                (
                    Step::Desktop,
                    found(fact.at, None, Confidence::Time, vec![fact.place]),
                ),
                (Step::SystemInfo, info),
            ]);
            let failed = Some((Step::SystemInfo, diagnosis::out_of_service(&why)));
            logins.push(finished(None, None, at, failed, steps));
        }
        logins
    }
}
