//! All desktops, and the one thread that serves them.

use std::collections::VecDeque;
use std::io;
use std::ops::Range;
use std::time::{Duration, Instant};

use mio::{Events, Poll};

use super::desktop::{Desktop, Net, place};
use super::dialogue::{Goal, Heard, Person, Say, Ways};
use super::requests;
use super::socket::Server;
use super::tally::Tally;
use super::{Pace, Transport};
use crate::measure::SignIns;

/// Bytes that are read at once, into the one buffer that all share.
const READ_BYTES: usize = 64 * 1024;
/// Connections whose news are taken at once.
const BATCH: usize = 1024;
/// How long the thread sleeps at most when nothing happens.
const TICK: Duration = Duration::from_millis(5);
/// A sign-in that takes longer has failed.
const SIGN_IN_TIMEOUT: Duration = Duration::from_secs(30);
/// A farewell that takes longer is not waited for.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(5);
/// Descriptors that are not for desktops.
const RESERVED_DESCRIPTORS: usize = 200;
/// What became of a desktop.
#[derive(Debug)]
enum News {
    /// It reached its goal.
    There(usize),
    /// It ended, and why.
    Ended(usize, String),
    /// A request of ours was answered; the condition of its refusal.
    Answered(Option<String>),
}

/// Where desktops and publishers connect to, and as whom.
pub(super) struct Places {
    /// What carries the desktops.
    pub(super) transport: Transport,
    /// Where they connect to.
    pub(super) desktops: Server,
    /// XMPP over TCP.
    pub(super) publishers: Server,
    /// How they sign in.
    pub(super) ways: Ways,
}

/// Everybody.
pub(super) struct Crowd {
    poll: Poll,
    events: Events,
    net: Net,
    publisher_net: Net,
    /// Desktops first, publishers behind them.
    people: Vec<Person>,
    desktops: usize,
    places: Vec<Option<Desktop>>,
    scratch: Vec<u8>,
    news: VecDeque<News>,
    pub(super) tally: Option<Tally>,
    /// How often each desktop pings.
    ping: Duration,
    next_ping: (usize, Instant),
    /// Desktops that were in and fell out.
    pub(super) broken: Vec<String>,
}

impl Crowd {
    pub(super) fn new(
        places: Places,
        desktops: Vec<Person>,
        publishers: Vec<Person>,
        ping: Duration,
    ) -> io::Result<Crowd> {
        let poll = Poll::new()?;
        let one_connection =
            places.transport == Transport::Bosh && desktops.len() * 2 > descriptors();
        let net = |server: Server, transport: Transport| {
            Ok::<_, io::Error>(Net {
                server,
                transport,
                ways: places.ways.clone(),
                registry: poll.registry().try_clone()?,
                one_connection,
            })
        };
        let count = desktops.len();
        let people: Vec<_> = desktops.into_iter().chain(publishers).collect();
        Ok(Crowd {
            net: net(places.desktops, places.transport)?,
            publisher_net: net(places.publishers, Transport::Tcp)?,
            events: Events::with_capacity(BATCH),
            places: people.iter().map(|_| None).collect(),
            people,
            desktops: count,
            scratch: vec![0; READ_BYTES],
            news: VecDeque::new(),
            tally: None,
            ping,
            next_ping: (0, Instant::now()),
            broken: Vec::new(),
            poll,
        })
    }

    /// All desktops.
    pub(super) fn all(&self) -> Range<usize> {
        0..self.desktops
    }

    /// All publishers.
    pub(super) fn publishers(&self) -> Range<usize> {
        self.desktops..self.people.len()
    }

    /// True when desktops close their second connection for want of descriptors.
    pub(super) fn keeps_one_connection(&self) -> bool {
        self.net.one_connection
    }

    /// Whether this one is in.
    pub(super) fn is_in(&self, who: usize) -> bool {
        matches!(self.places.get(who), Some(Some(desktop)) if desktop.is_there())
    }

    /// The name of this one.
    pub(super) fn name(&self, who: usize) -> &str {
        self.people.get(who).map_or("", |person| &person.name)
    }

    /// A handle to write to a publisher's connection.
    pub(super) fn writer(&self, who: usize) -> io::Result<std::net::TcpStream> {
        match self.places.get(who) {
            Some(Some(desktop)) => desktop.writer(),
            _ => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Signs these in. Those whose goal is authentication only leave at once.
    pub(super) fn sign_in(
        &mut self,
        who: Range<usize>,
        goal: Goal,
        pace: Pace,
    ) -> io::Result<SignIns> {
        let mut outcome = SignIns::default();
        let mut under_way: Vec<usize> = Vec::new();
        let mut waiting = who.clone();
        let start = Instant::now();
        let mut end = start;
        let mut checked = start;
        while !waiting.is_empty() || !under_way.is_empty() {
            let now = Instant::now();
            while under_way.len() < pace.at_a_time && !waiting.is_empty() {
                let due = pace.due(start, waiting.start - who.start);
                if due.is_some_and(|due| due > now) {
                    break;
                }
                let Some(next) = waiting.next() else { break };
                match self.start(next, goal, due.unwrap_or(now)) {
                    Ok(()) => under_way.push(next),
                    Err(cause) => outcome.failures.add(cause),
                }
            }
            self.pump(TICK)?;
            while let Some(news) = self.news.pop_front() {
                match news {
                    News::There(who) => {
                        let Some(Some(desktop)) = self.places.get_mut(who) else {
                            continue;
                        };
                        end = Instant::now();
                        outcome
                            .waits
                            .record(end.saturating_duration_since(desktop.since));
                        under_way.retain(|other| *other != who);
                        if goal == Goal::Authenticated {
                            self.leave(who);
                        }
                    }
                    News::Ended(who, cause) => {
                        let before = under_way.len();
                        under_way.retain(|other| *other != who);
                        if under_way.len() < before {
                            outcome.failures.add(cause);
                        } else {
                            self.broken.push(cause);
                        }
                    }
                    News::Answered(_) => {}
                }
            }
            if checked.elapsed() > Duration::from_secs(1) {
                checked = Instant::now();
                let (places, outcome) = (&mut self.places, &mut outcome);
                under_way.retain(|who| give_up(places, *who, outcome));
            }
        }
        outcome.elapsed = end.saturating_duration_since(start);
        if goal == Goal::Authenticated {
            self.wait_until_gone(who)?;
        }
        Ok(outcome)
    }

    fn start(&mut self, who: usize, goal: Goal, since: Instant) -> Result<(), String> {
        let net = if who < self.desktops {
            &self.net
        } else {
            &self.publisher_net
        };
        let desktop = Desktop::start(net, who, goal, since)?;
        if let Some(place) = self.places.get_mut(who) {
            *place = Some(desktop);
        }
        Ok(())
    }

    /// Has one say something.
    pub(super) fn say(&mut self, who: usize, stanza: String) {
        let net = if who < self.desktops {
            &self.net
        } else {
            &self.publisher_net
        };
        if let Some(Some(desktop)) = self.places.get_mut(who)
            && let Err(cause) = desktop.say(net, Say::Stanzas(stanza))
        {
            self.end(who, cause);
        }
    }

    fn leave(&mut self, who: usize) {
        let net = if who < self.desktops {
            &self.net
        } else {
            &self.publisher_net
        };
        if let Some(place) = self.places.get_mut(who)
            && let Some(desktop) = place
            && (desktop.leave(net).is_err() || desktop.is_gone())
        {
            *place = None;
        }
    }

    /// Everyone in `who` says farewell, some at a time.
    pub(super) fn leave_all(&mut self, who: Range<usize>, at_a_time: usize) -> io::Result<()> {
        let mut start = who.start;
        while start < who.end {
            let some = start..(start + at_a_time).min(who.end);
            for one in some.clone() {
                self.leave(one);
            }
            self.wait_until_gone(some.clone())?;
            start = some.end;
        }
        Ok(())
    }

    fn wait_until_gone(&mut self, who: Range<usize>) -> io::Result<()> {
        let start = Instant::now();
        let present = |places: &[Option<Desktop>]| {
            places
                .get(who.clone())
                .is_some_and(|some| some.iter().any(Option::is_some))
        };
        while present(&self.places) && start.elapsed() < LEAVE_TIMEOUT {
            self.pump(TICK)?;
            self.news.clear();
        }
        for place in self.places.get_mut(who).unwrap_or_default() {
            *place = None;
        }
        Ok(())
    }

    /// Everyone stays for so long, unless all have fallen out.
    pub(super) fn stay(&mut self, time: Duration) -> io::Result<()> {
        let start = Instant::now();
        while start.elapsed() < time {
            let before = self.broken.len();
            self.attend()?;
            if self.broken.len() > before && self.places.iter().all(Option::is_none) {
                break;
            }
        }
        Ok(())
    }

    /// Takes what happens while nobody is on the way in.
    pub(super) fn attend(&mut self) -> io::Result<()> {
        self.pump(TICK)?;
        while let Some(news) = self.news.pop_front() {
            if let News::Ended(_, cause) = news {
                self.broken.push(cause);
            }
        }
        Ok(())
    }

    /// Each of `requests` is said by its desktop, one after the other is answered: ejabberd refuses nodes that are made at
    /// the same time. The refusals in words, `conflict` excepted: what is asked for is there already.
    pub(super) fn ask_all(
        &mut self,
        mut requests: impl Iterator<Item = (usize, String)>,
    ) -> io::Result<Vec<String>> {
        let mut refusals = Vec::new();
        let mut unanswered = false;
        let mut heard = Instant::now();
        loop {
            if !unanswered {
                let Some((who, stanza)) = requests.next() else {
                    return Ok(refusals);
                };
                self.say(who, stanza);
                unanswered = true;
            }
            self.pump(TICK)?;
            while let Some(news) = self.news.pop_front() {
                match news {
                    News::Answered(refused) => {
                        heard = Instant::now();
                        unanswered = false;
                        refusals.extend(refused.filter(|condition| condition != "conflict"));
                    }
                    News::Ended(_, cause) => refusals.push(cause),
                    News::There(_) => {}
                }
            }
            if heard.elapsed() > SIGN_IN_TIMEOUT {
                refusals.push("a request was not answered".into());
                return Ok(refusals);
            }
        }
    }

    fn end(&mut self, who: usize, cause: String) {
        if let Some(place) = self.places.get_mut(who) {
            *place = None;
        }
        self.news.push_back(News::Ended(who, cause));
    }

    /// Takes what has come in, or waits for it for at most so long.
    fn pump(&mut self, most: Duration) -> io::Result<()> {
        self.ping_some();
        match self.poll.poll(&mut self.events, Some(most)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            Err(error) => return Err(error),
        }
        let (news, tally) = (&mut self.news, &mut self.tally);
        for event in &self.events {
            let (who, slot) = place(event.token());
            let net = if who < self.desktops {
                &self.net
            } else {
                &self.publisher_net
            };
            let (Some(place), Some(person)) = (self.places.get_mut(who), self.people.get_mut(who))
            else {
                continue;
            };
            let Some(desktop) = place else { continue };
            let mut outcome = Ok(());
            if event.is_writable() || event.is_error() {
                outcome = desktop.writable(net, slot);
            }
            if outcome.is_ok() && (event.is_readable() || event.is_read_closed()) {
                let mut heard = |heard: Heard<'_>| match heard {
                    Heard::Message(message) => {
                        if let Some(tally) = tally {
                            tally.message(who, message, Instant::now());
                        }
                    }
                    Heard::Answer { id, refused } => {
                        if id.starts_with(b"e") {
                            if let (Some(tally), Some(condition)) = (tally.as_mut(), refused) {
                                tally.refused(condition);
                            }
                        } else if id != b"ping" {
                            news.push_back(News::Answered(refused));
                        }
                    }
                    Heard::There => news.push_back(News::There(who)),
                    Heard::Nothing => {}
                };
                outcome = desktop.readable(
                    net,
                    slot,
                    person,
                    &mut self.scratch,
                    event.is_read_closed(),
                    &mut heard,
                );
            }
            match outcome {
                Ok(()) if desktop.is_gone() => *place = None,
                Err(_) if desktop.is_leaving() => *place = None,
                Ok(()) => {}
                Err(cause) => {
                    *place = None;
                    news.push_back(News::Ended(who, cause));
                }
            }
        }
        Ok(())
    }

    /// Has the next desktops ping, evenly over time.
    fn ping_some(&mut self) {
        let desktops = u32::try_from(self.desktops.max(1)).unwrap_or(u32::MAX);
        let interval = (self.ping / desktops).max(Duration::from_micros(1));
        let now = Instant::now();
        // After a long pause the missed ones are not made up for all at once.
        if now.saturating_duration_since(self.next_ping.1) > self.ping {
            self.next_ping.1 = now;
        }
        while self.next_ping.1 <= now {
            let who = self.next_ping.0;
            self.next_ping = (
                (who + 1) % self.desktops.max(1),
                self.next_ping.1 + interval,
            );
            if self.is_in(who) {
                let ping = requests::ping(&self.net.ways.domain);
                self.say(who, ping);
            }
        }
    }
}

/// False, and the end of it, when a sign-in takes too long.
fn give_up(places: &mut [Option<Desktop>], who: usize, outcome: &mut SignIns) -> bool {
    let Some(place) = places.get_mut(who) else {
        return false;
    };
    match place {
        Some(desktop) if desktop.since.elapsed() > SIGN_IN_TIMEOUT => {
            let seconds = SIGN_IN_TIMEOUT.as_secs();
            outcome.failures.add(format!(
                "no answer within {seconds} s: waited for {}",
                desktop.waits_for()
            ));
            *place = None;
            false
        }
        _ => true,
    }
}

/// Descriptors that desktops may use, as proc(5) tells the limit of this process.
fn descriptors() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok())
        .map_or(usize::MAX, |limit| {
            limit.saturating_sub(RESERVED_DESCRIPTORS)
        })
}
