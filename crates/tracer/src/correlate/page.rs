//! Steps 1 and 2: which SystemInfo and which page load belong to which login.
//!
//! Neither names an agent. Logins whose client log holds the nocache take theirs first; the others take what is left,
//! nearest in front of them and from the same address. All logins of one open page share its load.

use std::collections::BTreeMap;

use tact_logline::step::Step;

use super::{Anchor, Proof, SECOND_MS, Tracer};
use crate::diagnosis;
use crate::fact::Place;
use crate::index::Load;
use crate::login::{Confidence, Found, Login};
use crate::request::Request;

/// A login without a client log takes a SystemInfo at most this old.
const SYSTEM_INFO_MS: i64 = 30_000;
/// ... and a page load at most this long before its SystemInfo.
const LOAD_MS: i64 = 60_000;
/// A page may stand open before somebody signs in.
const OPEN_PAGE_MS: i64 = 24 * 3_600_000;

/// Steps 1 and 2 of one login, as far as they were found.
#[derive(Debug, Clone, Default)]
pub(super) struct Page {
    pub(super) steps: BTreeMap<Step, Found>,
}

/// One page: by its agent and the first nocache of its log, or by the one SystemInfo request that it made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum PageKey {
    Client(String, i64),
    Server(usize),
}

/// A login's SystemInfo.
struct Info {
    request: usize,
    page: PageKey,
    client: Option<Place>,
    /// The login was refused without a PUT: the page may have stayed open for the next try.
    is_refused: bool,
}

impl<'a> Tracer<'a, '_> {
    /// Steps 1 and 2 of every login, in the order of `anchors`.
    pub(super) fn pages(&mut self, anchors: &[Anchor<'a>]) -> Vec<Page> {
        let infos = self.infos(anchors);
        let loads = self.loads(&infos);
        let page = |info: &Option<Info>| -> Page {
            let mut page = Page::default();
            let Some(info) = info else { return page };
            let is_told = info.client.is_some();
            if let Some(load) = loads.get(&info.page) {
                let confidence = if is_told {
                    Confidence::Strong
                } else {
                    Confidence::Time
                };
                page.steps.insert(
                    Step::Desktop,
                    Found::new(load.at, confidence, vec![load.place]).coarse(),
                );
            }
            let confidence = if is_told {
                Confidence::Exact
            } else {
                Confidence::Time
            };
            page.steps.extend(
                self.request_step(info.request, confidence, info.client)
                    .map(|found| (Step::SystemInfo, found)),
            );
            page
        };
        infos.iter().map(page).collect()
    }

    fn infos(&mut self, anchors: &[Anchor<'a>]) -> Vec<Option<Info>> {
        let mut shared: BTreeMap<(String, i64), usize> = BTreeMap::new();
        let mut infos: Vec<Option<Info>> = anchors
            .iter()
            .map(|anchor| self.told_info(anchor, &mut shared))
            .collect();
        for (slot, anchor) in infos.iter_mut().zip(anchors).rev() {
            if slot.is_none()
                && anchor
                    .attempt
                    .is_none_or(|attempt| attempt.system_info.is_none())
            {
                *slot = self.nearest_info(anchor);
            }
        }
        infos
    }

    /// By the nocache of the client's own log. Two clients of one millisecond take a request each.
    fn told_info(
        &mut self,
        anchor: &Anchor<'_>,
        shared: &mut BTreeMap<(String, i64), usize>,
    ) -> Option<Info> {
        let attempt = anchor.attempt?;
        let get = attempt.system_info.as_ref()?;
        let key = (anchor.agent.clone(), get.nocache);
        let request = match shared.get(&key) {
            Some(request) => *request,
            None => {
                let free = |(index, _): &(usize, _)| !self.taken.requests.contains(index);
                self.index
                    .requests_with(get.nocache, &get.path)
                    .find(free)?
                    .0
            }
        };
        shared.insert(key, request);
        self.taken.requests.insert(request);
        let page = PageKey::Client(
            attempt.log_agent.clone(),
            attempt.page.unwrap_or(get.nocache),
        );
        Some(Info {
            request,
            page,
            client: Some(get.asked.place),
            is_refused: false,
        })
    }

    fn nearest_info(&mut self, anchor: &Anchor<'_>) -> Option<Info> {
        let address = match anchor.proof {
            Proof::Put(put) => self
                .request(put)?
                .browser()
                .map(|access| access.client.clone()),
            Proof::Refused(_) | Proof::Told | Proof::Asked => None,
        };
        // The refusal's time is cut to its second.
        let until = match anchor.proof {
            Proof::Put(_) | Proof::Told | Proof::Asked => anchor.at,
            Proof::Refused(_) => anchor.at + SECOND_MS - 1,
        };
        let infos = &self.index.system_infos;
        let at = |index: &usize| self.request(*index).map_or(i64::MAX, |request| request.at);
        let end = infos.partition_point(|index| at(index) <= until);
        let found = infos
            .iter()
            .take(end)
            .rev()
            .take_while(|index| at(index) >= until - SYSTEM_INFO_MS)
            .find(|index| {
                let client = self
                    .request(**index)
                    .and_then(Request::browser)
                    .map(|access| &access.client);
                let is_there = client.is_none() || address.is_none() || client == address.as_ref();
                is_there && !self.taken.requests.contains(index)
            });
        let request = *found?;
        self.taken.requests.insert(request);
        Some(Info {
            request,
            page: PageKey::Server(request),
            client: None,
            is_refused: !matches!(anchor.proof, Proof::Put(_) | Proof::Asked),
        })
    }

    /// The load of every page, nearest before its first SystemInfo. Told pages choose first.
    fn loads(&mut self, infos: &[Option<Info>]) -> BTreeMap<PageKey, Load<'a>> {
        let mut first: BTreeMap<&PageKey, (usize, bool)> = BTreeMap::new();
        for info in infos.iter().flatten() {
            let known = first
                .entry(&info.page)
                .or_insert((info.request, info.is_refused));
            known.0 = known.0.min(info.request);
        }
        let mut pages: Vec<(bool, usize, bool, &PageKey)> = first
            .into_iter()
            .map(|(page, (request, is_refused))| {
                (
                    matches!(page, PageKey::Client(..)),
                    request,
                    is_refused,
                    page,
                )
            })
            .collect();
        pages.sort_unstable();
        let mut loads = BTreeMap::new();
        let mut alone = Vec::new();
        for (is_told, request, is_refused, page) in pages.into_iter().rev() {
            let window = if is_told { OPEN_PAGE_MS } else { LOAD_MS };
            match self.load_before(request, window) {
                Some(load) => _ = loads.insert(page.clone(), load),
                None if is_refused => alone.push((request, page)),
                None => {}
            }
        }
        // Tries that all failed on one open page left no log: they share its load when no other lies between.
        for (request, page) in alone {
            let open = self.latest_load(request, OPEN_PAGE_MS, |_| true);
            let is_refused = |key: &PageKey| {
                infos
                    .iter()
                    .flatten()
                    .any(|info| info.page == *key && info.is_refused)
            };
            let shared = open.filter(|load| {
                loads
                    .iter()
                    .any(|(key, taken)| taken.place == load.place && is_refused(key))
            });
            loads.extend(shared.map(|load| (page.clone(), load)));
        }
        loads
    }

    fn load_before(&mut self, info: usize, window: i64) -> Option<Load<'a>> {
        let load = self.latest_load(info, window, |load| {
            !self.taken.places.contains(&load.place)
        })?;
        self.taken.places.insert(load.place);
        Some(load)
    }

    /// The latest page load of the same address before a SystemInfo.
    fn latest_load(
        &self,
        info: usize,
        window: i64,
        wanted: impl Fn(&Load<'_>) -> bool,
    ) -> Option<Load<'a>> {
        let request = self.request(info)?;
        let (at, access) = (request.at, request.browser());
        // Within one second only the order of the lines tells what came first.
        let line = access.and_then(|_| request.places.last().copied());
        let loads = &self.index.loads;
        let end = loads.partition_point(|load| load.at <= at);
        let mut before = loads
            .iter()
            .take(end)
            .rev()
            .take_while(|load| load.at >= at - window);
        let found = before.find(|load| {
            let is_there = access.is_none_or(|access| access.client == load.client);
            let is_before =
                line.is_none_or(|line| line.source != load.place.source || load.place < line);
            is_there && is_before && wanted(load)
        });
        found.copied()
    }

    /// Desktops that asked for SystemInfo while the link to the CTI server was down and came no further. A desktop asks
    /// when somebody signs in; without its log nobody knows who. Called when all other logins have their evidence.
    pub(super) fn out_of_service(&mut self) -> Vec<Login> {
        let mut logins = Vec::new();
        for request in self.index.system_infos.iter().rev().copied() {
            let Some(at) = self.request(request).map(|request| request.at) else {
                continue;
            };
            let Some((why, place)) = self
                .index
                .down_at(at)
                .filter(|_| !self.taken.requests.contains(&request))
            else {
                continue;
            };
            let Some(load) = self.load_before(request, LOAD_MS) else {
                continue;
            };
            self.taken.requests.insert(request);
            let Some(mut info) = self.request_step(request, Confidence::Time, None) else {
                continue;
            };
            info.evidence.push(place);
            let desktop = Found::new(load.at, Confidence::Time, vec![load.place]).coarse();
            let steps = BTreeMap::from([(Step::Desktop, desktop), (Step::SystemInfo, info)]);
            let login = Login::new(None, at, steps);
            logins.push(login.close(Some((Step::SystemInfo, diagnosis::out_of_service(why)))));
        }
        logins
    }
}
