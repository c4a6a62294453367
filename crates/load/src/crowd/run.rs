//! The whole measurement: everyone signs in, stays, hears events, leaves; and what that cost both sides.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::crowd::{Crowd, Places};
use super::dialogue::{Goal, Person, Ways};
use super::plan::{Node, Plan};
use super::reach::{LoadError, domain_of, find};
use super::report::{EventRun, Memory, Report, SignInRun};
use super::settings::{Login, Settings, Team};
use super::socket::Server;
use super::tally::Tally;
use super::{Pace, Transport, full, publisher, requests};
use crate::process::cost_of;

/// How long memory may settle after everyone is in or out.
pub(super) const SETTLE: Duration = Duration::from_secs(2);
/// The time between the plan's making and its first event.
const LEAD: Duration = Duration::from_millis(200);
/// Deliveries that are missing for so long after the last one are lost.
const SILENCE: Duration = Duration::from_secs(5);
/// The longest time that late deliveries are waited for.
const DRAIN: Duration = Duration::from_secs(120);
/// How often the time is compared with those two.
const LISTEN: Duration = Duration::from_millis(100);

/// Measures. Blocks until it is done.
pub fn run(settings: &Settings) -> Result<Report, LoadError> {
    let mut run = Run::new(settings)?;
    let mut report = Report::default();
    if run.crowd.keeps_one_connection() {
        report.notes.push(
            "each desktop closes its second BOSH connection: there are not enough file descriptors"
                .into(),
        );
    }
    let start_mib = run.resident()?;
    if settings.prepare {
        run.prepare()?;
    } else if settings.verify {
        let verified = run.sign_in(Goal::Authenticated)?;
        if verified.outcome.waits.count() == 0 {
            let causes = verified.outcome.failures.in_words();
            return Err(LoadError::NobodyIn(causes));
        }
        report.verified = Some(verified);
    }
    run.crowd.stay(SETTLE)?;
    let idle_mib = run.resident()?;
    let idle = start_mib.zip(idle_mib);
    match settings.login {
        Login::Xmpp => run.xmpp(idle, &mut report)?,
        Login::Full => full::run(&run, idle, &mut report)?,
    }
    Ok(report)
}

/// A measurement under way.
pub(super) struct Run<'a> {
    pub(super) settings: &'a Settings,
    crowd: Crowd,
    domain: Arc<str>,
    runs: u32,
}

impl<'a> Run<'a> {
    fn new(settings: &'a Settings) -> Result<Run<'a>, LoadError> {
        let web = &settings.server;
        let (host, port) = &settings.xmpp;
        let needs_tcp = settings.transport == Transport::Tcp
            || !settings.rates.is_empty()
            || settings.team.is_some()
            || settings.prepare;
        let publishers = if needs_tcp {
            find(host, *port)?
        } else {
            SocketAddr::from(([127, 0, 0, 1], *port))
        };
        let desktops = match settings.transport {
            Transport::Tcp => publishers,
            Transport::Bosh | Transport::WebSocket => find(&web.host, web.port)?,
        };
        let domain: Arc<str> = match &settings.domain {
            Some(domain) => domain.as_str().into(),
            None => domain_of(web)?.into(),
        };
        let people = settings.agents().map(|id| Person {
            name: id.to_string(),
            password: settings.password_of(id),
            salted: None,
        });
        let publisher = |number| {
            let name = format!("{}{number}", settings.publisher);
            Person {
                password: settings
                    .publisher_password
                    .clone()
                    .unwrap_or_else(|| name.clone()),
                name,
                salted: None,
            }
        };
        let server = |address| Server {
            address,
            authority: web.authority(),
        };
        let places = Places {
            transport: settings.transport,
            desktops: server(desktops),
            publishers: server(publishers),
            ways: Ways {
                domain: Arc::clone(&domain),
                proof: settings.proof,
                resource: "load",
            },
        };
        let publishers = (0..settings.publishers).map(publisher).collect();
        Ok(Run {
            settings,
            crowd: Crowd::new(places, people.collect(), publishers, settings.ping)?,
            domain,
            runs: 0,
        })
    }

    /// The rounds of sign-ins to the notification service, then the events.
    fn xmpp(&mut self, idle: Option<(f64, f64)>, report: &mut Report) -> Result<(), LoadError> {
        let (settings, everyone) = (self.settings, self.crowd.all());
        for round in 0..settings.rounds.max(1) {
            if round > 0 {
                self.crowd
                    .leave_all(everyone.clone(), settings.pace.at_a_time)?;
                self.crowd.stay(SETTLE)?;
            }
            let signed_in = self.sign_in(Goal::Present)?;
            report.rounds.push(signed_in.clone());
            if signed_in.outcome.waits.count() == 0 {
                let causes = signed_in.outcome.failures.in_words();
                return Err(LoadError::NobodyIn(causes));
            }
            self.crowd.stay(SETTLE)?;
            self.note_memory(idle, &signed_in, report)?;
        }
        self.crowd.stay(settings.stay)?;
        if !settings.rates.is_empty() || settings.team.is_some() {
            self.publishers_in()?;
            let nodes = self.own_nodes();
            for rate in &settings.rates {
                report.events.push(self.publish(nodes.clone(), *rate)?);
            }
            if let Some(team) = &settings.team {
                let node = self.team_node(team)?;
                report.events.push(self.publish(vec![node], team.rate)?);
            }
        }
        report.broken = std::mem::take(&mut self.crowd.broken);
        let publishers = self.crowd.publishers();
        self.crowd.leave_all(publishers, settings.pace.at_a_time)?;
        self.crowd.leave_all(everyone, settings.pace.at_a_time)?;
        Ok(())
    }

    /// Notes the server's memory once, after the first round: later sessions use what earlier ones left.
    pub(super) fn note_memory(
        &self,
        idle: Option<(f64, f64)>,
        signed_in: &SignInRun,
        report: &mut Report,
    ) -> Result<(), LoadError> {
        if let (None, Some((start_mib, idle_mib)), Some(signed_in_mib)) =
            (report.memory, idle, self.resident()?)
        {
            report.memory = Some(Memory {
                start_mib,
                idle_mib,
                signed_in_mib,
                sessions: signed_in.outcome.waits.count(),
            });
        }
        Ok(())
    }

    /// The server's resident memory, MiB.
    fn resident(&self) -> Result<Option<f64>, LoadError> {
        let Some(pid) = self.settings.pid else {
            return Ok(None);
        };
        let cost = cost_of(pid).map_err(|error| LoadError::Process(pid, error))?;
        Ok(Some(cost.resident_mib))
    }

    /// Seconds of processor time so far: the server's, and our own.
    pub(super) fn processor(&self) -> Result<(Option<f64>, f64), LoadError> {
        let server = match self.settings.pid {
            Some(pid) => {
                let cost = cost_of(pid).map_err(|error| LoadError::Process(pid, error))?;
                Some(cost.cpu_s)
            }
            None => None,
        };
        Ok((server, cost_of(std::process::id())?.cpu_s))
    }

    /// What was used since.
    pub(super) fn used(&self, before: (Option<f64>, f64)) -> Result<(Option<f64>, f64), LoadError> {
        let (server, own) = self.processor()?;
        let server = server.zip(before.0).map(|(now, before)| now - before);
        Ok((server, own - before.1))
    }

    fn sign_in(&mut self, goal: Goal) -> Result<SignInRun, LoadError> {
        let before = self.processor()?;
        let everyone = self.crowd.all();
        let outcome = self.crowd.sign_in(everyone, goal, self.settings.pace)?;
        let (server_cpu_s, own_cpu_s) = self.used(before)?;
        Ok(SignInRun {
            outcome,
            server_cpu_s,
            own_cpu_s,
        })
    }

    /// Has the publishers sign in, unless they are.
    fn publishers_in(&mut self) -> Result<(), LoadError> {
        let publishers = self.crowd.publishers();
        if publishers.is_empty() {
            return Err(LoadError::Publishers("there are none".into()));
        }
        if publishers
            .clone()
            .all(|publisher| self.crowd.is_in(publisher))
        {
            return Ok(());
        }
        let pace = Pace {
            at_a_time: publishers.len(),
            per_second: None,
        };
        let outcome = self.crowd.sign_in(publishers, Goal::Bound, pace)?;
        match outcome.failures.count {
            0 => Ok(()),
            _ => Err(LoadError::Publishers(outcome.failures.in_words())),
        }
    }

    /// Each desktop's own node, as far as it is signed in.
    fn own_nodes(&self) -> Vec<Node> {
        self.crowd
            .all()
            .filter(|who| self.crowd.is_in(*who))
            .filter_map(|who| {
                let subject = self.crowd.name(who).to_owned();
                Some(Node {
                    name: format!("/finesse/api/User/{subject}"),
                    publisher: self.publisher_of(who),
                    subject,
                    hearers: vec![u32::try_from(who).ok()?],
                })
            })
            .collect()
    }

    /// The publisher of a desktop's node: always the same, as it owns the node.
    fn publisher_of(&self, desktop: usize) -> usize {
        desktop % self.crowd.publishers().len().max(1)
    }

    /// Has the publisher of a desktop's node make it.
    fn create(&self, desktop: usize, node: &str) -> (usize, String) {
        let publisher = self.crowd.publishers().start + self.publisher_of(desktop);
        (publisher, requests::create(&self.domain, node, desktop))
    }

    /// Makes a node for each desktop and subscribes it.
    fn prepare(&mut self) -> Result<(), LoadError> {
        self.publishers_in()?;
        let made: Vec<_> = self
            .crowd
            .all()
            .map(|who| {
                let node = format!("/finesse/api/User/{}", self.crowd.name(who));
                self.create(who, &node)
            })
            .collect();
        self.ask(made)?;
        let signed_in = self.sign_in(Goal::Present)?;
        if signed_in.outcome.failures.count > 0 {
            return Err(LoadError::Prepare(signed_in.outcome.failures.in_words()));
        }
        let subscriptions: Vec<_> = self
            .crowd
            .all()
            .map(|who| {
                let name = self.crowd.name(who);
                let node = format!("/finesse/api/User/{name}");
                (who, requests::subscribe(&self.domain, &node, name))
            })
            .collect();
        self.ask(subscriptions)?;
        let everyone = self.crowd.all();
        self.crowd
            .leave_all(everyone, self.settings.pace.at_a_time)?;
        Ok(())
    }

    /// The node of a team, to which its members are subscribed.
    fn team_node(&mut self, team: &Team) -> Result<Node, LoadError> {
        let everyone = self.crowd.all();
        let hearers: Vec<_> = everyone
            .filter(|who| self.crowd.is_in(*who))
            .take(team.size)
            .collect();
        if self.settings.prepare {
            self.ask(vec![self.create(0, &team.node)])?;
        }
        let subscriptions = hearers.iter().map(|who| {
            let name = self.crowd.name(*who);
            (*who, requests::subscribe(&self.domain, &team.node, name))
        });
        let subscriptions: Vec<_> = subscriptions.collect();
        self.ask(subscriptions)?;
        Ok(Node {
            name: team.node.clone(),
            publisher: self.publisher_of(0),
            subject: self.crowd.name(0).to_owned(),
            hearers: hearers
                .iter()
                .filter_map(|who| u32::try_from(*who).ok())
                .collect(),
        })
    }

    fn ask(&mut self, requests: Vec<(usize, String)>) -> Result<(), LoadError> {
        let mut refusals = self.crowd.ask_all(requests.into_iter())?;
        refusals.dedup();
        match refusals.is_empty() {
            true => Ok(()),
            false => Err(LoadError::Prepare(refusals.join("; "))),
        }
    }

    fn publish(&mut self, nodes: Vec<Node>, rate: u32) -> Result<EventRun, LoadError> {
        self.runs += 1;
        let mut seed = [0; 8];
        getrandom::fill(&mut seed).map_err(io::Error::other)?;
        let seed = u64::from_le_bytes(seed);
        // The upper half names the run, so that late events of an earlier one are not taken for this one's.
        let name = u32::try_from(seed >> 32).unwrap_or(self.runs);
        let hearers = nodes.first().map_or(0, |node| node.hearers.len());
        let plan = Arc::new(Plan::new(name, nodes, rate, self.settings.seconds, seed));
        let writers = self
            .crowd
            .publishers()
            .map(|publisher| self.crowd.writer(publisher))
            .collect::<io::Result<Vec<_>>>()?;
        let start = Instant::now() + LEAD;
        let before = self.processor()?;
        self.crowd.tally = Some(Tally::new(Arc::clone(&plan), start));
        let service = format!("pubsub.{}", self.domain);
        let publishing = publisher::start(Arc::clone(&plan), writers, service, start);
        let last = start + plan.lasts();
        let mut looked = Instant::now();
        loop {
            self.crowd.attend()?;
            if looked.elapsed() < LISTEN {
                continue;
            }
            looked = Instant::now();
            let Some(tally) = &self.crowd.tally else {
                break;
            };
            let over = looked.saturating_duration_since(last);
            let is_over = over > Duration::ZERO && publishing.is_finished();
            // It ends before its time only when the server is gone.
            let is_cut_off = publishing.is_finished() && over == Duration::ZERO;
            if is_over && tally.is_complete() || over > DRAIN || is_cut_off {
                break;
            }
            if is_over && over > SILENCE && tally.silence(looked) > SILENCE {
                break;
            }
        }
        let (server_cpu_s, own_cpu_s) = self.used(before)?;
        // What comes now would be too much.
        self.crowd.stay(LISTEN)?;
        if publishing.is_finished() {
            let published = publishing.join();
            let published =
                published.map_err(|_| io::Error::other("the publishing thread panicked"))?;
            if let Err(error) = published {
                let cause = format!("the publishers were cut off: {error}");
                self.crowd.broken.push(cause);
            }
        }
        let tally = self.crowd.tally.take();
        let tally = tally.ok_or_else(|| io::Error::other("there is no tally"))?;
        let span = tally.span();
        let (counts, waits) = tally.close();
        Ok(EventRun {
            rate,
            hearers,
            counts,
            waits,
            span,
            server_cpu_s,
            own_cpu_s,
        })
    }
}
