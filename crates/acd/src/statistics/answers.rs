//! QUERY_AGENT_STATISTICS_CONF and QUERY_SKILL_GROUP_STATISTICS_CONF: the numbers in wire order.
//!
//! The intervals of a message have the same numbers one after the other, so they are written as lists and
//! read by the message's own row; the table of `ged188` names them. Seconds on the wire.

use tact_ged188::table::Body;
use tact_ged188::wire::Reader;
use tact_ged188::{
    AgentState, QueryAgentStatisticsConf, QueryAgentStatisticsReq, QuerySkillGroupStatisticsConf,
    QuerySkillGroupStatisticsReq, StatusCode, Tag,
};

use super::{ByWork, DAY, FIVE_MINUTES, HALF_HOUR, OfGroup, Queued, Since, Times, Work};
use crate::calls::InHand;
use crate::directory::{AgentIndex, DeviceIndex};
use crate::io::{ClientId, Output};
use crate::machine::Acd;
use crate::refusal::{Refusal, send};

/// Which list of numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Agent,
    Group,
}

impl Acd {
    /// QUERY_AGENT_STATISTICS_REQ: the agent named, or the session's own.
    pub(crate) fn query_agent_statistics(
        &self,
        now: i64,
        client: ClientId,
        request: &QueryAgentStatisticsReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        self.check_peripheral(request.peripheral_id)?;
        let session = self.session(client).ok_or(StatusCode::SESSION_NOT_OPEN)?;
        let index = self.named_agent(session, &request.floats)?;
        let own = self.statistics.agents.get(index.0);
        let mut own = own.ok_or(StatusCode::INVALID_AGENT_DATA)?.clone();
        own.count(now);
        own.today_calls.roll(now, DAY);
        let mut numbers = vec![request.invoke_id, request.peripheral_id];
        let (times, calls) = &own.session;
        interval(Of::Agent, *times, calls, &mut numbers);
        interval(
            Of::Agent,
            own.today.counted,
            &own.today_calls.counted,
            &mut numbers,
        );
        let mut conf: QueryAgentStatisticsConf = of_numbers(&numbers)?;
        if let Some(config) = self.directory.agent(index) {
            let login = self.agents.get(index.0).and_then(|it| it.login.as_ref());
            let extension = login.and_then(|login| self.directory.extension(login.device));
            if let Some(extension) = extension {
                conf.floats.push_text(Tag::AGENT_EXTENSION, extension);
            }
            conf.floats.push_text(Tag::AGENT_ID, &config.id);
            if let Some(extension) = extension {
                conf.floats.push_text(Tag::AGENT_INSTRUMENT, extension);
            }
        }
        send(out, client, conf);
        Ok(())
    }

    /// QUERY_SKILL_GROUP_STATISTICS_REQ of a skill group or a precision queue, by number or, where that is N/A, by id.
    pub(crate) fn skill_group_statistics(
        &self,
        now: i64,
        client: ClientId,
        request: &QuerySkillGroupStatisticsReq,
        out: &mut Vec<Output>,
    ) -> Result<(), Refusal> {
        self.check_peripheral(request.peripheral_id)?;
        let plan = self.directory.plan();
        let queue = plan
            .queue_by_number(request.skill_group_number)
            .or_else(|| plan.queue_by_id(request.skill_group_id))
            .ok_or(StatusCode::INVALID_SKILL_GROUP)?;
        let name = queue.name;
        let members = plan.members(queue);
        let mut counts = self
            .statistics
            .groups
            .get(&name.number)
            .cloned()
            .unwrap_or_default();
        counts.each(now, |_| {});
        let times = self.times_of(now, members);
        let mut numbers = vec![0; PRESENT];
        let OfGroup { today, half, five } = &counts;
        for (times, counts) in times.into_iter().zip([five, half, today]) {
            let (calls, queued) = &counts.counted;
            interval(Of::Group, times, calls, &mut numbers);
            numbers.extend(queued_numbers(queued));
        }
        let mut conf: QuerySkillGroupStatisticsConf = of_numbers(&numbers)?;
        conf.invoke_id = request.invoke_id;
        conf.peripheral_id = request.peripheral_id;
        conf.skill_group_number = name.number;
        conf.skill_group_id = name.id;
        self.count_states(members, &mut conf);
        // Calls wait at the router, as in a centre whose router queues; the peripheral itself holds none back.
        if let Some(view) = self.queue(name.number) {
            conf.router_calls_q_now = view.waiting;
            let waits = |since: i64| seconds(now.saturating_sub(since));
            conf.longest_router_call_q_now = view.longest_since.map_or(0, waits);
        }
        send(out, client, conf);
        Ok(())
    }

    /// What the members did together in the present five minutes, half hour and day.
    fn times_of(&self, now: i64, members: &[AgentIndex]) -> [Times; 3] {
        let mut sums = [Times::default(); 3];
        for index in members {
            let Some(own) = self.statistics.agents.get(index.0) else {
                continue;
            };
            let intervals = [
                (&own.five, FIVE_MINUTES),
                (&own.half, HALF_HOUR),
                (&own.today, DAY),
            ];
            for (sum, (interval, length)) in sums.iter_mut().zip(intervals) {
                let mut interval: Since<Times> = interval.clone();
                interval.stretch(own.state, own.since, now, length);
                *sum = sum.plus(interval.counted);
            }
        }
        sums
    }

    /// How many members are in each state.
    fn count_states(&self, members: &[AgentIndex], conf: &mut QuerySkillGroupStatisticsConf) {
        for index in members {
            let Some(agent) = self.agents.get(index.0) else {
                continue;
            };
            let Some(login) = &agent.login else {
                continue;
            };
            conf.agents_logged_on += 1;
            match agent.state {
                AgentState::NOT_READY => conf.agents_not_ready += 1,
                AgentState::AVAILABLE => {
                    conf.agents_avail += 1;
                    conf.agents_icm_available += 1;
                }
                AgentState::TALKING => self.count_talking(login.device, conf),
                AgentState::WORK_NOT_READY => conf.agents_work_not_ready += 1,
                AgentState::WORK_READY => conf.agents_work_ready += 1,
                AgentState::RESERVED => conf.agents_reserved += 1,
                AgentState::HOLD => conf.agents_hold += 1,
                _ => {}
            }
        }
        // Ready are all who are signed in and neither not ready nor about to be.
        conf.agents_ready = conf
            .agents_logged_on
            .saturating_sub(conf.agents_not_ready)
            .saturating_sub(conf.agents_work_not_ready);
    }
}

impl Acd {
    /// Counts a member who talks: with whom, and for this group or for another.
    fn count_talking(&self, device: DeviceIndex, conf: &mut QuerySkillGroupStatisticsConf) {
        let calls = self.statistics.in_hand(device);
        let call = calls.iter().find(|call| !call.is_held());
        let other_group = |group| group != conf.skill_group_number;
        if call.and_then(InHand::group).is_some_and(other_group) {
            conf.agents_busy_other += 1;
            return;
        }
        match call.map(InHand::work) {
            None | Some(Work::Handled) => conf.agents_talking_in += 1,
            Some(Work::Out) => conf.agents_talking_out += 1,
            Some(Work::AutoOut) => conf.agents_talking_auto_out += 1,
            Some(Work::Preview) => conf.agents_talking_preview += 1,
            Some(Work::Reservation) => conf.agents_talking_reservation += 1,
            Some(_) => conf.agents_talking_other += 1,
        }
    }
}

/// Numbers of QUERY_SKILL_GROUP_STATISTICS_CONF before its first interval.
const PRESENT: usize = 26;

/// A message of 32-bit numbers, all there are.
fn of_numbers<B: Body>(numbers: &[u32]) -> Result<B, Refusal> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|it| it.to_be_bytes()).collect();
    let mut body = B::default();
    let mut reader = Reader::new(&bytes);
    let whole = body.read_fixed(&mut reader, 0).is_some() && reader.rest().is_empty();
    // The lists below are as long as the row; a test asks for both.
    whole
        .then_some(body)
        .ok_or(StatusCode::UNSPECIFIED_FAILURE.into())
}

/// The numbers of one interval.
fn interval(of: Of, times: Times, calls: &ByWork, numbers: &mut Vec<u32>) {
    let agent = of == Of::Agent;
    numbers.extend([times.available, times.logged_on, times.not_ready].map(seconds));
    if agent {
        // Available for the router, and signed in to be routed to: voice has no other.
        numbers.extend([times.available, times.logged_on].map(seconds));
    }
    five(calls, Work::Out, numbers);
    let handled = calls.of(Work::Handled);
    numbers.push(handled.calls);
    numbers.extend([handled.talk, handled.after, handled.time()].map(seconds));
    numbers.extend([handled.held, seconds(handled.held_time)]);
    let own = calls.of(Work::Internal);
    let received = calls.of(Work::InternalReceived);
    if agent {
        numbers.extend([own.calls, seconds(own.time())]);
    }
    numbers.extend([received.calls, seconds(received.time())]);
    let held = own.held.saturating_add(received.held);
    numbers.extend([held, seconds(own.held_time + received.held_time)]);
    five(calls, Work::AutoOut, numbers);
    five(calls, Work::Preview, numbers);
    five(calls, Work::Reservation, numbers);
    let supervised = [
        Work::BargeIn,
        Work::Intercept,
        Work::Monitor,
        Work::Whisper,
        Work::Emergency,
    ];
    numbers.extend(supervised.map(|work| calls.of(work).calls));
}

/// Calls, talking, altogether, held, time on hold.
fn five(calls: &ByWork, work: Work, numbers: &mut Vec<u32>) {
    let calls = calls.of(work);
    numbers.extend([
        calls.calls,
        seconds(calls.talk),
        seconds(calls.time()),
        calls.held,
        seconds(calls.held_time),
    ]);
}

/// Calls queued, their time, the longest.
fn queued_numbers(queued: &Queued) -> [u32; 3] {
    [queued.calls, seconds(queued.time), seconds(queued.longest)]
}

/// Whole seconds of milliseconds.
fn seconds(ms: i64) -> u32 {
    u32::try_from(ms.max(0) / 1000).unwrap_or(u32::MAX)
}
