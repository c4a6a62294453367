//! The whole measurement: everyone signs in, stays, hears events, leaves; and what that cost both sides.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tact_api::{Document as _, SystemInfo};

use super::crowd::{Crowd, Places, SignIns};
use super::dialogue::{self, Goal, Person, Proof, Ways};
use super::plan::{Node, Plan};
use super::socket::Server;
use super::tally::{Counts, Tally};
use super::{Pace, Transport, publisher};
use crate::http::Client;
use crate::measure::Waits;
use crate::process::cost_of;
use crate::target::Target;

/// The supervisor of the demo centre: no agent, although its id is between theirs.
const DEMO_SUPERVISOR: u32 = 2100;
/// A server's address that does not answer for so long is none.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long memory may settle after everyone is in or out.
const SETTLE: Duration = Duration::from_secs(2);
/// The time between the plan's making and its first event.
const LEAD: Duration = Duration::from_millis(200);
/// Deliveries that are missing for so long after the last one are lost.
const SILENCE: Duration = Duration::from_secs(5);
/// The longest time that late deliveries are waited for.
const DRAIN: Duration = Duration::from_secs(120);
/// How often the time is compared with those two.
const LISTEN: Duration = Duration::from_millis(100);

/// What is measured.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The web server.
    pub server: Target,
    /// Host and port of XMPP over TCP: for publishers, and for desktops over TCP.
    pub xmpp: (String, u16),
    /// The XMPP domain; without it SystemInfo is asked.
    pub domain: Option<String>,
    /// What carries the desktops' channel.
    pub transport: Transport,
    /// How many desktops.
    pub desktops: usize,
    /// The first agent's id; the others follow, 2100 left out.
    pub first: u32,
    /// The password of all; without it each agent's is its id.
    pub password: Option<String>,
    /// How passwords are shown.
    pub proof: Proof,
    /// How fast desktops sign in.
    pub pace: Pace,
    /// How often everyone signs in.
    pub rounds: u32,
    /// Each credential is verified once before the first round.
    pub verify: bool,
    /// Nodes are created and desktops subscribed first: a server that is not Tact.
    pub prepare: bool,
    /// How often each desktop pings.
    pub ping: Duration,
    /// How long everyone stays before the first event.
    pub stay: Duration,
    /// Events a second, one run each.
    pub rates: Vec<u32>,
    /// How long each run lasts.
    pub seconds: u32,
    /// Events that many hear.
    pub team: Option<Team>,
    /// How many publishers there are.
    pub publishers: usize,
    /// Their name; a number from 0 follows.
    pub publisher: String,
    /// Their password; without it each one's is its name.
    pub publisher_password: Option<String>,
    /// The server's process, when it is on this machine.
    pub pid: Option<u32>,
}

/// Events of one node that many desktops hear.
#[derive(Debug, Clone)]
pub struct Team {
    /// How many hear it.
    pub size: usize,
    /// Events a second.
    pub rate: u32,
    /// The node.
    pub node: String,
}

/// Why nothing was measured.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The server does not answer.
    #[error("cannot connect to {server}: {source}")]
    Connect {
        /// `host:port`.
        server: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// SystemInfo does not tell the XMPP domain.
    #[error(
        "the XMPP domain is not known ({0}); is it a Tact server? --domain names it for others"
    )]
    Domain(String),
    /// The generator's own sockets or threads failed.
    #[error("the generator failed: {0}")]
    Io(#[from] io::Error),
    /// The server's process cannot be looked at.
    #[error("process {0} cannot be looked at: {1}")]
    Process(u32, io::Error),
    /// Nobody got in.
    #[error("nobody could sign in: {0}")]
    NobodyIn(String),
    /// Publishers could not sign in.
    #[error("the publishers cannot sign in: {0}")]
    Publishers(String),
    /// Nodes could not be made or subscribed to.
    #[error("nodes and subscriptions could not be prepared: {0}")]
    Prepare(String),
}

/// One round of sign-ins and its cost.
#[derive(Debug, Clone)]
pub struct SignInRun {
    /// How it went.
    pub outcome: SignIns,
    /// Seconds of processor time of the server, where it is known.
    pub server_cpu_s: Option<f64>,
    /// The generator's own.
    pub own_cpu_s: f64,
}

/// The server's resident memory, MiB.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Before anything.
    pub start_mib: f64,
    /// While nobody is signed in, before the first round.
    pub idle_mib: f64,
    /// While everyone is, after the first round.
    pub signed_in_mib: f64,
    /// How many that are.
    pub sessions: u64,
}

impl Memory {
    /// KiB a session over idle.
    pub fn per_session_kib(&self) -> f64 {
        (self.signed_in_mib - self.idle_mib) * 1024.0 / self.sessions.max(1) as f64
    }
}

/// One run of events.
#[derive(Debug, Clone)]
pub struct EventRun {
    /// Events a second.
    pub rate: u32,
    /// How many hear each.
    pub hearers: usize,
    /// What became of them.
    pub counts: Counts,
    /// From the moment each was due to each delivery.
    pub waits: Waits,
    /// From the first one's due time to the last delivery.
    pub span: Duration,
    /// Seconds of processor time of the server, where it is known.
    pub server_cpu_s: Option<f64>,
    /// The generator's own.
    pub own_cpu_s: f64,
}

/// Everything that was measured.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The first sign-in of each credential, up to the success of SASL.
    pub verified: Option<SignInRun>,
    /// Each round.
    pub rounds: Vec<SignInRun>,
    /// The server's memory, where it is known.
    pub memory: Option<Memory>,
    /// Each run of events.
    pub events: Vec<EventRun>,
    /// Why desktops fell out after they had signed in.
    pub broken: Vec<String>,
    /// What is worth knowing.
    pub notes: Vec<String>,
}

impl Report {
    /// True when everyone got in and stayed, and every event arrived once, in order and unchanged.
    pub fn is_clean(&self) -> bool {
        let sign_ins = self.verified.iter().chain(&self.rounds);
        self.broken.is_empty()
            && sign_ins.map(|run| run.outcome.failed).sum::<u64>() == 0
            && self.events.iter().all(|run| run.counts.is_clean())
    }
}

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
        report.verified = Some(run.sign_in(Goal::Authenticated)?);
    }
    run.crowd.stay(SETTLE)?;
    let idle_mib = run.resident()?;
    for round in 0..settings.rounds.max(1) {
        if round > 0 {
            let everyone = run.crowd.all();
            run.crowd.leave_all(everyone, settings.pace.at_a_time)?;
            run.crowd.stay(SETTLE)?;
        }
        let signed_in = run.sign_in(Goal::Present)?;
        let sessions = signed_in.outcome.waits.count();
        if sessions == 0 {
            return Err(LoadError::NobodyIn(signed_in.outcome.causes.join("; ")));
        }
        report.rounds.push(signed_in);
        run.crowd.stay(SETTLE)?;
        if let (None, Some(start_mib), Some(idle_mib), Some(signed_in_mib)) =
            (report.memory, start_mib, idle_mib, run.resident()?)
        {
            report.memory = Some(Memory {
                start_mib,
                idle_mib,
                signed_in_mib,
                sessions,
            });
        }
    }
    run.crowd.stay(settings.stay)?;
    if !settings.rates.is_empty() || settings.team.is_some() {
        run.publishers_in()?;
        let nodes = run.own_nodes();
        for rate in &settings.rates {
            report.events.push(run.publish(nodes.clone(), *rate)?);
        }
        if let Some(team) = &settings.team {
            let node = run.team_node(team)?;
            report.events.push(run.publish(vec![node], team.rate)?);
        }
    }
    report.broken = std::mem::take(&mut run.crowd.broken);
    let publishers = run.crowd.publishers();
    run.crowd.leave_all(publishers, settings.pace.at_a_time)?;
    let everyone = run.crowd.all();
    run.crowd.leave_all(everyone, settings.pace.at_a_time)?;
    Ok(report)
}

struct Run<'a> {
    settings: &'a Settings,
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
        let ids = (settings.first..).filter(|id| *id != DEMO_SUPERVISOR);
        let people = ids.take(settings.desktops).map(|id| Person {
            name: id.to_string(),
            password: settings.password.clone().unwrap_or_else(|| id.to_string()),
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

    /// The server's resident memory, MiB.
    fn resident(&self) -> Result<Option<f64>, LoadError> {
        let Some(pid) = self.settings.pid else {
            return Ok(None);
        };
        let cost = cost_of(pid).map_err(|error| LoadError::Process(pid, error))?;
        Ok(Some(cost.resident_mib))
    }

    /// Seconds of processor time so far: the server's, and our own.
    fn processor(&self) -> Result<(Option<f64>, f64), LoadError> {
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
    fn used(&self, before: (Option<f64>, f64)) -> Result<(Option<f64>, f64), LoadError> {
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
        match outcome.failed {
            0 => Ok(()),
            _ => Err(LoadError::Publishers(outcome.causes.join("; "))),
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
        (publisher, dialogue::create(&self.domain, node, desktop))
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
        if signed_in.outcome.failed > 0 {
            return Err(LoadError::Prepare(signed_in.outcome.causes.join("; ")));
        }
        let subscriptions: Vec<_> = self
            .crowd
            .all()
            .map(|who| {
                let name = self.crowd.name(who);
                let node = format!("/finesse/api/User/{name}");
                (who, dialogue::subscribe(&self.domain, &node, name))
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
            (*who, dialogue::subscribe(&self.domain, &team.node, name))
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
            if is_over && tally.is_complete() || over > DRAIN {
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
            publishing
                .join()
                .map_err(|_| io::Error::other("the publishing thread panicked"))??;
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

/// The first address of a host that accepts a connection.
fn find(host: &str, port: u16) -> Result<SocketAddr, LoadError> {
    let failed = |source| LoadError::Connect {
        server: crate::target::authority(host, port),
        source,
    };
    let mut last = io::ErrorKind::AddrNotAvailable.into();
    for address in (host, port).to_socket_addrs().map_err(failed)? {
        match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
            Ok(_) => return Ok(address),
            Err(error) => last = error,
        }
    }
    Err(failed(last))
}

/// The XMPP domain, which SystemInfo tells without credentials.
fn domain_of(server: &Target) -> Result<String, LoadError> {
    let unknown = |error: String| LoadError::Domain(error);
    let tls = crate::tls::client_config(server.is_loopback())
        .map_err(|error| unknown(error.to_string()))?;
    let client = Client::new(server.clone(), tls);
    let path = format!("/finesse/api/SystemInfo?nocache={}", crate::clock::now_ms());
    let answer = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(client.get(&path, CONNECT_TIMEOUT))
        .map_err(|error| unknown(error.to_string()))?;
    SystemInfo::from_xml(answer.body.as_bytes())
        .map(|info| info.xmpp_domain)
        .map_err(|error| unknown(format!("SystemInfo: {}, {error}", answer.status)))
}
