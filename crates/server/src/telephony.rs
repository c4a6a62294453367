//! Telephony beside the acd: the simulated phones on the real clock, and who calls the demo centre.
//!
//! The phones live behind the acd's mutex, because each is the other's input: a command reaches them while the acd's
//! step is still under way, and what they say is the acd's next input, before anything else. So there is one order, and
//! the acd's log of inputs holds all of it. Real telephony will stand here.

use tact_acd::fabric::{Command, Event, Fabric as _};
use tact_acd::phones::{Profile, Rate, SimulatedPhones, Span, Traffic};

use crate::settings::DemoSettings;

/// Events that are taken in one step. Those that are left are due at once, so others get their turn between.
const EVENTS_A_STEP: u32 = 256;

/// What the demo's callers dial, and of ten callers how many: support, sales, the experts' queue.
const DIALED: [(&str, u32); 3] = [("8000", 5), ("8001", 3), ("8010", 2)];
/// Who calls: number, name, customer number, what about. Numbers are of the range that belongs to nobody.
const CALLERS: [(&str, &str, &str, &str); 12] = [
    ("5550131", "Amara Okafor", "C-10231", "Delivery is late"),
    ("5550132", "Bruno Keller", "C-10458", "Invoice 2291"),
    ("5550133", "Chiara Ricci", "C-11027", "Change of address"),
    ("5550134", "Daniel Novak", "C-11390", "Cannot sign in"),
    ("5550135", "Elif Demir", "C-11842", "New contract"),
    ("5550136", "Fiona Gallagher", "C-12005", "Return of goods"),
    ("5550137", "Goran Petrovic", "C-12764", "Line is dead"),
    ("5550138", "Hana Suzuki", "C-13118", "Question on prices"),
    ("5550139", "Ivan Horvat", "C-13520", "Cancellation"),
    ("5550140", "Julia Lindqvist", "C-14006", "Wrong item"),
    ("5550141", "Kwame Mensah", "C-14377", "Callback agreed"),
    ("5550142", "Lucia Fernandez", "C-14891", "Payment failed"),
];

/// The phones of one centre.
pub(crate) struct Telephony {
    phones: SimulatedPhones,
    /// What may still be taken in this step.
    left: u32,
}

impl Telephony {
    pub(crate) fn new(phones: SimulatedPhones) -> Telephony {
        Telephony { phones, left: 0 }
    }

    pub(crate) fn phones(&mut self) -> &mut SimulatedPhones {
        &mut self.phones
    }

    pub(crate) fn command(&mut self, now: i64, command: Command) {
        self.phones.command(now, command);
    }

    /// A step begins.
    pub(crate) fn begin_step(&mut self) {
        self.left = EVENTS_A_STEP;
    }

    /// What happens next in this step; none when nothing is due, or the step is long enough.
    pub(crate) fn poll(&mut self, now: i64) -> Option<Event> {
        self.left = self.left.checked_sub(1)?;
        self.phones.poll(now)
    }

    pub(crate) fn next_due(&self) -> Option<i64> {
        self.phones.next_due()
    }
}

/// The demo centre's phones: chance follows from the seed, people call as the settings say. `now` is in milliseconds
/// since 1970.
pub(crate) fn demo_phones(settings: &DemoSettings, now: i64) -> SimulatedPhones {
    let mut phones = SimulatedPhones::new(settings.seed, now);
    phones.receive(now, traffic(settings));
    phones
}

fn traffic(settings: &DemoSettings) -> Traffic {
    let mean = |seconds: u32| i64::from(seconds) * 1000;
    let patience = Span::Exponential {
        mean_ms: mean(settings.patience_s),
    };
    Traffic {
        rate: Rate::constant(settings.calls_per_hour),
        dialed: DIALED
            .map(|(number, weight)| (number.into(), weight))
            .into(),
        talk: Span::LogNormal {
            mean_ms: mean(settings.handle_time_s),
            sigma_permille: 800,
        },
        patience: (settings.patience_s > 0).then_some(patience),
        hold_patience: None,
        redial_permille: 300,
        redial_after: Span::Exponential { mean_ms: 60_000 },
        profiles: CALLERS.map(profile).into(),
    }
}

fn profile((number, name, customer, about): (&str, &str, &str, &str)) -> Profile {
    let variables = [
        ("callVariable1", name),
        ("callVariable2", customer),
        ("callVariable3", about),
    ];
    Profile {
        number: number.into(),
        variables: variables
            .map(|(name, value)| (name.into(), value.into()))
            .into(),
    }
}
