//! The whole login of everyone, with the desktop that `tact login` is, and state changes at a fixed rate.

use super::reach::LoadError;
use super::report::{ChangeRun, Report, SignInRun};
use super::run::{Run, SETTLE};
use crate::login::LoginSettings;
use crate::measure::{changes_at_a_rate, sign_in_all, sign_out_all};

/// The demo centre's extensions: 2003 for 2001, else the id and 1000.
const FIRST_AGENT: (u32, u32) = (2001, 2003);

/// The rounds, then the changes.
pub(super) fn run(
    run: &Run<'_>,
    idle: Option<(f64, f64)>,
    report: &mut Report,
) -> Result<(), LoadError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(measure(run, idle, report))
}

async fn measure(
    run: &Run<'_>,
    idle: Option<(f64, f64)>,
    report: &mut Report,
) -> Result<(), LoadError> {
    let settings = run.settings;
    let at_a_time = settings.pace.at_a_time;
    let agents: Vec<_> = settings.agents().map(|id| login(run, id)).collect();
    for round in 1..=settings.rounds.max(1) {
        let before = run.processor()?;
        let (mut seats, outcome) = sign_in_all(&agents, at_a_time).await;
        let (server_cpu_s, own_cpu_s) = run.used(before)?;
        let signed_in = SignInRun {
            outcome,
            server_cpu_s,
            own_cpu_s,
        };
        if seats.is_empty() {
            let causes = signed_in.outcome.failures.in_words();
            return Err(LoadError::NobodyIn(causes));
        }
        tokio::time::sleep(SETTLE).await;
        run.note_memory(idle, &signed_in, report)?;
        report.rounds.push(signed_in);
        if let (true, Some(rate)) = (round == settings.rounds.max(1), settings.changes) {
            let before = run.processor()?;
            let outcome = changes_at_a_rate(&mut seats, rate, settings.seconds).await;
            let (server_cpu_s, own_cpu_s) = run.used(before)?;
            report.changes = Some(ChangeRun {
                rate,
                outcome,
                server_cpu_s,
                own_cpu_s,
            });
        }
        if let Err(failure) = sign_out_all(seats, at_a_time).await {
            report.broken.push(format!("sign-out: {failure}"));
        }
    }
    Ok(())
}

fn login(run: &Run<'_>, id: u32) -> LoginSettings {
    let settings = run.settings;
    let extension = match id {
        id if id == FIRST_AGENT.0 => FIRST_AGENT.1,
        id => id + 1000,
    };
    LoginSettings {
        server: settings.server.clone(),
        xmpp: settings.xmpp.clone(),
        insecure: false,
        transport: settings.transport,
        agent: id.to_string(),
        password: settings.password_of(id),
        extension: extension.to_string(),
        sign_out: false,
    }
}
