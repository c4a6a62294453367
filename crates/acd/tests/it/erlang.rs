//! The centre against queueing theory: with exponential traffic through the machine and the simulated phones, what
//! callers experience is what the Erlang-C and Erlang-A formulas say (acd-and-telephony, 3.7).
//!
//! Compared within three standard deviations, which are not taken from the run: callers arrive at a birth-and-death
//! process, of which the variance of long averages is known (see [`Sigmas`]). From it follows beforehand how many calls a
//! row needs for three sigma to be a given part of its P(wait). Each row and column has a seed of its own, from the
//! number of agents. So neither length nor seed can be chosen by what comes out. With normal deviations one figure in
//! 370 would fail by chance; the deviations are bounds, so less than that.
//!
//! Small rows always; all rows with TACT_LONG=1.

use tact_acd::Acd;
use tact_acd::Config;
use tact_acd::config::{AgentConfig, DeskSettings, RouteConfig, SkillGroupConfig};
use tact_acd::phones::{
    Habits, Outcome, Rate, Seat, SimulatedAgents, SimulatedPhones, Simulation, Span, Traffic,
};
use tact_ged188::AgentState;

const PERIPHERAL: u32 = 5000;
const NOW: i64 = 1_700_000_000_000;
const HOUR_MS: i64 = 3_600_000;
/// Mean patience of the Erlang-A columns.
const PATIENCE_S: f64 = 120.0;
/// Three sigma as a part of P(wait): of the small rows in every run, and of all rows in the long one. The row of 2000 agents
/// would need 20 million calls for a tenth.
const QUICK: [f64; 3] = [0.2, 0.2, 0.4];
const LONG: [f64; 6] = [0.05, 0.05, 0.1, 0.1, 0.1, 0.33];

/// One row of the table.
struct Row {
    agents: u32,
    calls_per_hour: u32,
    handle_s: u32,
    /// Erlang-C: P(wait), mean wait in seconds, share answered within 20 s.
    c: [f64; 3],
    /// Erlang-A: P(wait), P(abandon), mean wait in seconds of all.
    a: [f64; 3],
}

const ROWS: [Row; 6] = [
    row(5, 60, 180, [0.2362, 21.25, 0.8109], [0.1744, 0.0539, 6.46]),
    row(
        10,
        150,
        200,
        [0.4876, 58.51, 0.5872],
        [0.2941, 0.0755, 9.07],
    ),
    row(
        50,
        800,
        200,
        [0.3179, 11.44, 0.8176],
        [0.1983, 0.0219, 2.63],
    ),
    row(
        100,
        1600,
        200,
        [0.1748, 3.15, 0.9425],
        [0.1187, 0.0085, 1.02],
    ),
    row(
        200,
        3400,
        200,
        [0.3204, 5.77, 0.8945],
        [0.1950, 0.0109, 1.30],
    ),
    row(
        2000,
        35_000,
        200,
        [0.1407, 0.51, 0.9995],
        [0.0962, 0.0015, 0.18],
    ),
];

impl Row {
    /// Arrivals, and ends of one call, per second.
    fn rates(&self) -> (f64, f64) {
        let arrive = f64::from(self.calls_per_hour) / 3600.0;
        (arrive, 1.0 / f64::from(self.handle_s))
    }
}

const fn row(agents: u32, calls_per_hour: u32, handle_s: u32, c: [f64; 3], a: [f64; 3]) -> Row {
    Row {
        agents,
        calls_per_hour,
        handle_s,
        c,
        a,
    }
}

/// Half a unit of the last digit that the table gives.
const C_DIGITS: [f64; 3] = [0.000_05, 0.005, 0.000_05];
const A_DIGITS: [f64; 3] = [0.000_05, 0.000_05, 0.005];

/// A skill group of so many agents who are called at 8000 and do not wrap up.
fn centre(agents: u32) -> Config {
    let agent = |number: u32| AgentConfig {
        id: (2000 + number).to_string(),
        icm_agent_id: 5000 + number,
        skill_groups: vec![1],
        ..AgentConfig::default()
    };
    Config {
        agents: (1..=agents).map(agent).collect(),
        skill_groups: vec![SkillGroupConfig {
            number: 1,
            id: 4001,
            name: "Support".into(),
        }],
        routes: vec![RouteConfig {
            dialed: "8000".into(),
            queues: vec![1],
            ..RouteConfig::default()
        }],
        extensions: (1..=agents)
            .map(|number| (30_000 + number).to_string())
            .collect(),
        desk_settings: vec![DeskSettings {
            wrapup_incoming: 2,
            wrapup_outgoing: 2,
            ..DeskSettings::default()
        }],
        ..Config::new(PERIPHERAL)
    }
}

fn simulation(agents: u32, seed: u64, habits: Habits) -> Simulation {
    let seats = (1..=agents).map(|number| Seat {
        agent: (2000 + number).to_string().into(),
        extension: (30_000 + number).to_string().into(),
    });
    let mut phones = SimulatedPhones::new(seed, NOW);
    phones.outcomes();
    let people = SimulatedAgents::new(seed + 1, NOW, PERIPHERAL, seats.collect(), habits);
    let acd = Acd::new(centre(agents), NOW);
    let mut simulation = Simulation::new(acd, phones, people, NOW);
    simulation.run_until(NOW);
    assert_ready(&simulation);
    simulation
}

fn assert_ready(simulation: &Simulation) {
    for agent in simulation.acd.agents() {
        assert_eq!(agent.state, AgentState::AVAILABLE, "{agent:?}");
    }
}

fn traffic(row: &Row, patience: Option<Span>) -> Traffic {
    Traffic {
        rate: Rate::constant(row.calls_per_hour),
        dialed: vec![("8000".into(), 1)],
        talk: Span::Exponential {
            mean_ms: i64::from(row.handle_s) * 1000,
        },
        patience,
        hold_patience: None,
        redial_permille: 0,
        redial_after: Span::Fixed(0),
        profiles: Vec::new(),
    }
}

/// Seconds until somebody was on the line, or the caller gave up.
fn wait_s(outcome: &Outcome) -> f64 {
    (outcome.met.unwrap_or(outcome.left) - outcome.arrived) as f64 / 1000.0
}

fn share(calls: &[Outcome], is: impl Fn(&Outcome) -> bool) -> f64 {
    calls.iter().filter(|call| is(call)).count() as f64 / calls.len() as f64
}

fn mean_wait_s(calls: &[Outcome]) -> f64 {
    calls.iter().map(wait_s).sum::<f64>() / calls.len() as f64
}

/// The three figures of Erlang-C, as these callers experienced them.
fn without_abandoning(calls: &[Outcome]) -> [f64; 3] {
    [
        share(calls, |call| wait_s(call) > 0.0),
        mean_wait_s(calls),
        share(calls, |call| wait_s(call) <= 20.0),
    ]
}

/// The three figures of Erlang-A.
fn with_abandoning(calls: &[Outcome]) -> [f64; 3] {
    [
        share(calls, |call| wait_s(call) > 0.0),
        share(calls, |call| call.met.is_none()),
        mean_wait_s(calls),
    ]
}

/// Standard deviations of a row's three figures, each times the root of the number of calls.
///
/// A figure is an average over time of a function of the number of calls in the centre, plus the chance of who arrives (or
/// gives up) just then. The variance of the first part is known exactly, that of the second is at most that of
/// independent callers. As both come from the same calls their deviations are added, not their squares: the sum is
/// a bound. Within 20 s is taken to be decided by how many are in front.
struct Sigmas([f64; 3]);

impl Sigmas {
    fn of(row: &Row, leave: f64) -> Self {
        let (arrive, serve) = row.rates();
        let states = birth_and_death(row.agents, arrive, serve, leave);
        let agents = row.agents as usize;
        let drain = f64::from(row.agents) * serve;
        let waiting = |state: usize| state.saturating_sub(agents) as f64;
        let average = |of: &dyn Fn(usize) -> f64| -> f64 {
            states
                .iter()
                .zip(0..)
                .map(|(share, state)| share * of(state))
                .sum()
        };
        let share = |is: &dyn Fn(usize) -> bool| {
            let of = |state| f64::from(u8::from(is(state)));
            let deviation = (long_variance(&states, arrive, &of) * arrive).sqrt();
            deviation + average(&of).sqrt()
        };
        let length = (long_variance(&states, arrive, &waiting) * arrive).sqrt() / arrive;
        let wait = length + average(&waiting) / arrive;
        let waits = share(&|state| state >= agents);
        if leave == 0.0 {
            let late = share(&|state| waiting(state + 1) / drain > 20.0);
            return Self([waits, wait, late]);
        }
        let abandons = leave * average(&waiting) / arrive;
        Self([waits, leave * length + abandons.sqrt() + abandons, wait])
    }
}

/// The limit of the variance of a function's average over a time, times that time: exact for a birth-and-death process
/// (Whitt 1992, Asymptotic formulas for Markov processes).
fn long_variance(states: &[f64], arrive: f64, of: &dyn Fn(usize) -> f64) -> f64 {
    let shares = || states.iter().copied().zip(0..);
    let mean: f64 = shares().map(|(share, state)| share * of(state)).sum();
    let mut below = 0.0;
    let terms = shares().map(|(share, state)| {
        below += share * (of(state) - mean);
        if share > 0.0 {
            below * below / (arrive * share)
        } else {
            0.0
        }
    });
    2.0 * terms.sum::<f64>()
}

/// What one run gave.
struct Found {
    calls: usize,
    figures: [f64; 3],
    sigmas: [f64; 3],
}

/// Runs a row for as many calls as it takes for three sigma to be so large a part of P(wait). Nobody gives up where `leave`,
/// a rate per second, is 0.
fn run(row: &Row, leave: f64, part: f64, seed: u64) -> Found {
    let Sigmas(sigmas) = Sigmas::of(row, leave);
    let impatient = leave > 0.0;
    let waits = if impatient { row.a[0] } else { row.c[0] };
    let calls = (3.0 * sigmas[0] / (part * waits)).powi(2).ceil() as usize;
    let patience = impatient.then_some(Span::Exponential {
        mean_ms: (1000.0 / leave) as i64,
    });
    let mut simulation = simulation(row.agents, seed, Habits::default());
    simulation.phones.receive(NOW, traffic(row, patience));
    // Until the queue is as it is in the long run: many times as long as a call takes, and as the queue remembers.
    let hours = |calls: usize| calls as i64 * HOUR_MS / i64::from(row.calls_per_hour);
    simulation.run_until(NOW + hours(calls / 10));
    simulation.phones.outcomes();
    let mut outcomes = Vec::with_capacity(calls);
    while outcomes.len() < calls {
        simulation.run_until(simulation.now() + hours(calls) / 8);
        outcomes.extend(simulation.phones.outcomes());
    }
    outcomes.truncate(calls);
    let figures = if impatient {
        with_abandoning(&outcomes)
    } else {
        without_abandoning(&outcomes)
    };
    Found {
        calls,
        figures,
        sigmas: sigmas.map(|sigma| sigma / (calls as f64).sqrt()),
    }
}

/// Runs a row patiently and impatiently and compares its figures with those of the formulas.
fn check(row: &Row, part: f64) {
    let columns = [
        (0.0, row.c, C_DIGITS, "Erlang-C"),
        (1.0 / PATIENCE_S, row.a, A_DIGITS, "Erlang-A"),
    ];
    for (seed, (leave, wanted, digits, column)) in (0..).zip(columns) {
        let found = run(row, leave, part, u64::from(row.agents) * 100 + seed * 10);
        for place in 0..3 {
            let (is, sigma) = (found.figures[place], found.sigmas[place]);
            let text = format!(
                "{} agents, {column}, {} calls, figure {place}: {is:.5}, sigma {sigma:.5}, formula {}, off by {:.2} sigma",
                row.agents,
                found.calls,
                wanted[place],
                (is - wanted[place]) / sigma,
            );
            eprintln!("{text}");
            assert!(
                (is - wanted[place]).abs() <= 3.0 * sigma + digits[place],
                "{text}"
            );
        }
    }
}

#[test]
fn callers_of_small_centres_wait_as_long_as_the_formulas_say() {
    for (row, part) in ROWS.iter().zip(QUICK) {
        check(row, part);
    }
}

#[test]
fn callers_of_all_centres_wait_as_long_as_the_formulas_say() {
    if std::env::var_os("TACT_LONG").is_none() {
        eprintln!("skipped: only with TACT_LONG=1");
        return;
    }
    for (row, part) in ROWS.iter().zip(LONG) {
        check(row, part);
    }
}

/// State probabilities of a queue with so many servers, relative to their sum; `leave` is the rate at which each who waits
/// gives up. Rates are per second.
fn birth_and_death(servers: u32, arrive: f64, serve: f64, leave: f64) -> Vec<f64> {
    let mut weights = vec![1.0_f64];
    let mut sum = 1.0;
    for state in 1_u32.. {
        let waiting = state.saturating_sub(servers);
        let death = f64::from(state.min(servers)) * serve + f64::from(waiting) * leave;
        let weight = weights.last().copied().unwrap_or(1.0) * arrive / death;
        sum += weight;
        weights.push(weight);
        if waiting > 10 && weight < sum * 1e-15 {
            break;
        }
        // Large centres leave the range of numbers otherwise.
        if weight > 1e200 {
            sum /= weight;
            weights.iter_mut().for_each(|other| *other /= weight);
        }
    }
    weights.iter().map(|weight| weight / sum).collect()
}

#[test]
fn the_table_is_what_the_formulas_give() {
    for row in &ROWS {
        let (arrive, serve) = row.rates();
        let servers = row.agents as usize;
        let near = |found: f64, wanted: f64, digit: f64, what: &str| {
            assert!(
                (found - wanted).abs() <= 1.2 * digit,
                "{} agents, {what}: {found}, not {wanted}",
                row.agents
            );
        };
        let states = birth_and_death(row.agents, arrive, serve, 0.0);
        let wait: f64 = states[servers..].iter().sum();
        let drain = f64::from(row.agents) * serve - arrive;
        near(wait, row.c[0], C_DIGITS[0], "P(wait)");
        near(wait / drain, row.c[1], C_DIGITS[1], "mean wait");
        near(
            1.0 - wait * (-20.0 * drain).exp(),
            row.c[2],
            C_DIGITS[2],
            "within 20 s",
        );

        let states = birth_and_death(row.agents, arrive, serve, 1.0 / PATIENCE_S);
        let wait: f64 = states[servers..].iter().sum();
        let waiting: f64 = (0..)
            .zip(&states[servers..])
            .map(|(count, share)| f64::from(count) * share)
            .sum();
        near(wait, row.a[0], A_DIGITS[0], "P(wait), impatient");
        near(
            waiting / PATIENCE_S / arrive,
            row.a[1],
            A_DIGITS[1],
            "P(abandon)",
        );
        near(
            waiting / arrive,
            row.a[2],
            A_DIGITS[2],
            "mean wait, impatient",
        );
    }
}

/// A mix as in real centres: ringing, wrap-up of a kind, long talks, impatience, redials.
fn busy_day(seed: u64) -> Simulation {
    let habits = Habits {
        answer_after: Span::Uniform {
            from_ms: 2000,
            to_ms: 8000,
        },
        ..Habits::default()
    };
    let mut simulation = simulation(8, seed, habits);
    let patience = Span::Exponential { mean_ms: 60_000 };
    let mut traffic = traffic(&ROWS[1], Some(patience));
    traffic.rate = Rate {
        calls_per_hour: vec![60, 180, 240, 120],
        slot_ms: HOUR_MS,
    };
    traffic.talk = Span::LogNormal {
        mean_ms: 150_000,
        sigma_permille: 1200,
    };
    traffic.redial_permille = 300;
    traffic.redial_after = Span::Exponential { mean_ms: 60_000 };
    simulation.phones.receive(NOW, traffic.clone());
    simulation.run_until(NOW + 8 * HOUR_MS);
    traffic.rate = Rate::constant(0);
    traffic.redial_permille = 0;
    simulation.phones.receive(simulation.now(), traffic);
    simulation.run_until(NOW + 48 * HOUR_MS);
    simulation
}

#[test]
fn after_a_busy_day_every_call_is_over_and_every_agent_ready() {
    let mut simulation = busy_day(3);
    let tally = simulation.phones.tally();
    assert!(
        tally.arrived > 1000 && tally.abandoned > 20 && tally.redials > 5,
        "{tally:?}"
    );
    // Flow balance (I-14), and nobody is left ringing.
    assert_eq!(tally.arrived, tally.met + tally.abandoned, "{tally:?}");
    assert_eq!(simulation.phones.outcomes().len() as u64, tally.arrived);
    assert_eq!(simulation.phones.legs(), 0);
    assert_ready(&simulation);
}

#[test]
fn a_day_follows_from_its_seed() {
    let (once, again, other) = (busy_day(3), busy_day(3), busy_day(4));
    assert_eq!(once.phones.tally(), again.phones.tally());
    assert_eq!(once.inputs(), again.inputs());
    assert_ne!(once.phones.tally(), other.phones.tally());
}
