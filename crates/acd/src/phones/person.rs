//! One party of a call: rings, waits, talks, is on hold; and leaves when it is enough.

use super::hand::Call;
use super::random::{Random, Span};
use super::script::Script;

/// What one does at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// Has not picked up; the script of the phone decides.
    Ringing,
    /// Called the centre, and nobody is on the line.
    Waiting,
    /// Talks, or listens.
    Talking,
    /// Hears music.
    OnHold,
}

/// How long one bears what, and how much of it is over.
#[derive(Debug, Clone)]
pub(super) struct Person {
    talk: Option<Span>,
    patience: Option<Span>,
    hold_patience: Option<Span>,
    mood: Mood,
    /// When the mood began.
    since: i64,
    /// Milliseconds that are left to talk, once that is drawn; none is for ever.
    left: Option<Option<i64>>,
}

impl Person {
    /// Whoever is at a phone that is called.
    pub(super) fn called(now: i64, script: Script) -> Self {
        Self {
            talk: script.stay,
            patience: None,
            hold_patience: script.hold_patience,
            mood: Mood::Ringing,
            since: now,
            left: None,
        }
    }

    /// Whoever calls the centre. [`Person::turn`] has them wait.
    pub(super) fn calling(now: i64, call: &Call) -> Self {
        Self {
            talk: call.talk,
            patience: call.patience,
            hold_patience: call.hold_patience,
            mood: Mood::Ringing,
            since: now,
            left: None,
        }
    }

    pub(super) fn mood(&self) -> Mood {
        self.mood
    }

    /// Whether anybody has been on the line.
    pub(super) fn has_talked(&self) -> bool {
        self.left.is_some()
    }

    /// A new mood begins; gives back when they leave of their own accord if it does not end before.
    pub(super) fn turn(&mut self, now: i64, mood: Mood, random: &mut Random) -> Option<i64> {
        if self.mood == Mood::Talking
            && let Some(Some(left)) = &mut self.left
        {
            *left = left.saturating_sub(now.saturating_sub(self.since)).max(0);
        }
        self.mood = mood;
        self.since = now;
        let span = match mood {
            Mood::Ringing => None,
            Mood::Waiting => self.patience.map(|span| span.draw(random)),
            Mood::OnHold => self.hold_patience.map(|span| span.draw(random)),
            Mood::Talking => {
                let talk = self.talk;
                *self
                    .left
                    .get_or_insert_with(|| talk.map(|span| span.draw(random)))
            }
        };
        span.map(|ms| now.saturating_add(ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_on_hold_does_not_count_as_talking() {
        let mut random = Random::new(1);
        let call = Call {
            talk: Some(Span::Fixed(100)),
            patience: Some(Span::Fixed(30)),
            hold_patience: Some(Span::Fixed(500)),
            ..Call::default()
        };
        let mut person = Person::calling(0, &call);
        assert_eq!(person.turn(0, Mood::Waiting, &mut random), Some(30));
        assert!(!person.has_talked());
        assert_eq!(person.turn(10, Mood::Talking, &mut random), Some(110));
        assert_eq!(person.turn(50, Mood::OnHold, &mut random), Some(550));
        assert_eq!(person.turn(300, Mood::Talking, &mut random), Some(360));
        // Back in a queue, they wait anew.
        assert_eq!(person.turn(310, Mood::Waiting, &mut random), Some(340));
        assert_eq!(person.turn(320, Mood::Talking, &mut random), Some(370));
        assert!(person.has_talked());
    }

    #[test]
    fn who_has_no_limit_stays() {
        let mut random = Random::new(1);
        let mut person = Person::calling(0, &Call::default());
        for mood in [Mood::Waiting, Mood::Talking, Mood::OnHold, Mood::Talking] {
            assert_eq!(person.turn(5, mood, &mut random), None);
        }
    }
}
