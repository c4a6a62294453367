//! What an XMPP client says at a sign-in, and what it understands of the answers: SASL, bind, presence and session.
//! Pure; `carrier` says how each transport writes it.

use std::sync::Arc;

use tact_xmpp::ns;
use tact_xmpp::sasl::{Plain, scram};

use super::scan;

/// How a password is shown or proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// SASL PLAIN.
    Plain,
    /// SASL SCRAM-SHA-1.
    ScramSha1,
    /// SASL SCRAM-SHA-256.
    ScramSha256,
}

impl Proof {
    /// The mechanism's name.
    pub fn name(self) -> &'static str {
        match self {
            Proof::Plain => "PLAIN",
            Proof::ScramSha1 => "SCRAM-SHA-1",
            Proof::ScramSha256 => "SCRAM-SHA-256",
        }
    }
}

/// How far a desktop goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// To the success of SASL.
    Authenticated,
    /// To a bound session without presence: a publisher.
    Bound,
    /// To presence.
    Present,
}

/// Who signs in.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// The user name.
    pub(super) name: String,
    /// The password.
    pub(super) password: String,
    /// What a client keeps of a password that it has proved before (RFC 5802, 3: it may).
    pub(super) salted: Option<scram::Salted>,
}

/// What all desktops have in common.
#[derive(Debug, Clone)]
pub(super) struct Ways {
    /// The XMPP domain.
    pub(super) domain: Arc<str>,
    /// How the password is shown.
    pub(super) proof: Proof,
    /// The resource that is bound.
    pub(super) resource: &'static str,
}

/// What to say next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Say {
    /// The stream's opening, once more.
    Restart,
    /// One or more stanzas.
    Stanzas(String),
}

/// What an element meant.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard<'a> {
    /// A step on the way, or nothing that matters.
    Nothing,
    /// The goal is reached.
    There,
    /// A `<message/>`.
    Message(&'a [u8]),
    /// An answer to a request of ours.
    Answer {
        /// The request's id.
        id: &'a [u8],
        /// The condition of the refusal.
        refused: Option<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Opening,
    Authenticating,
    Restarting,
    Binding,
    Settling,
    There,
}

/// One client's part of one stream.
pub(super) struct Dialogue {
    step: Step,
    goal: Goal,
    scram: Option<Box<(scram::Client, String)>>,
}

impl Dialogue {
    pub(super) fn new(goal: Goal) -> Dialogue {
        Dialogue {
            step: Step::Opening,
            goal,
            scram: None,
        }
    }

    /// True once the goal is reached.
    pub(super) fn is_there(&self) -> bool {
        self.step == Step::There
    }

    /// True once stanzas may be said.
    pub(super) fn is_bound(&self) -> bool {
        match self.step {
            Step::Settling => true,
            Step::There => self.goal != Goal::Authenticated,
            _ => false,
        }
    }

    /// The step that is waited for, in words.
    pub(super) fn waits_for(&self) -> &'static str {
        match self.step {
            Step::Opening => "the stream's features",
            Step::Authenticating => "the outcome of SASL",
            Step::Restarting => "the features after SASL",
            Step::Binding => "the bound address",
            Step::Settling => "the answer behind the presence",
            Step::There => "nothing",
        }
    }

    /// Takes a top-level element. An error is the end of this client, in words.
    pub(super) fn hear<'a>(
        &mut self,
        ways: &Ways,
        person: &mut Person,
        element: &'a [u8],
    ) -> Result<(Heard<'a>, Option<Say>), String> {
        let name = scan::name(element);
        if name == b"error" {
            let condition = condition_of(element);
            return Err(format!("the server closed the stream: {condition}"));
        }
        if self.step == Step::There {
            return Ok((online(name, element), answer_to_ping(name, element)));
        }
        let next = match (self.step, name) {
            (Step::Opening, b"features") => {
                self.step = Step::Authenticating;
                Some(self.authenticate(ways, person, element)?)
            }
            (Step::Authenticating, b"challenge") => Some(self.prove(person, element)?),
            (Step::Authenticating, b"success") => {
                self.check_server(element)?;
                if self.goal == Goal::Authenticated {
                    self.step = Step::There;
                    return Ok((Heard::There, None));
                }
                self.step = Step::Restarting;
                Some(Say::Restart)
            }
            (Step::Authenticating, b"failure") => {
                let condition = condition_of(element);
                return Err(format!("the credentials were refused: {condition}"));
            }
            (Step::Restarting, b"features") => {
                self.step = Step::Binding;
                Some(Say::Stanzas(format!(
                    "<iq xmlns='{}' type='set' id='bind'><bind xmlns='{}'><resource>{}</resource></bind></iq>",
                    ns::CLIENT,
                    ns::BIND,
                    ways.resource
                )))
            }
            (Step::Binding, b"iq") => {
                expect_result(element, b"bind")?;
                if scan::text_of(element, "jid").is_none() {
                    return Err("bind was answered without an address".into());
                }
                if self.goal == Goal::Bound {
                    self.step = Step::There;
                    return Ok((Heard::There, None));
                }
                self.step = Step::Settling;
                // Stanzas are handled in order, so the answer to the request proves that the presence has arrived.
                Some(Say::Stanzas(format!(
                    "<presence xmlns='{client}'/><iq xmlns='{client}' type='set' id='session'><session xmlns='{session}'/></iq>",
                    client = ns::CLIENT,
                    session = ns::SESSION,
                )))
            }
            (Step::Settling, b"iq") if scan::attribute(element, "id") == Some(b"session") => {
                expect_result(element, b"session")?;
                self.step = Step::There;
                return Ok((Heard::There, None));
            }
            // The reflection of the presence, a first event.
            (Step::Settling, b"presence" | b"message" | b"iq") => None,
            (_, b"features" | b"presence") => None,
            _ => {
                let name = String::from_utf8_lossy(name);
                return Err(format!("<{name}/> instead of {}", self.waits_for()));
            }
        };
        Ok((Heard::Nothing, next))
    }

    fn authenticate(
        &mut self,
        ways: &Ways,
        person: &Person,
        features: &[u8],
    ) -> Result<Say, String> {
        let mechanism = ways.proof.name();
        if memchr::memmem::find(features, format!(">{mechanism}<").as_bytes()).is_none() {
            return Err(format!("the server does not offer {mechanism}"));
        }
        let hash = match ways.proof {
            Proof::Plain => None,
            Proof::ScramSha1 => Some(scram::Hash::Sha1),
            Proof::ScramSha256 => Some(scram::Hash::Sha256),
        };
        let initial = match hash {
            None => Plain {
                authzid: String::new(),
                user: person.name.clone(),
                password: person.password.clone(),
            }
            .encode(),
            Some(hash) => {
                let nonce = crate::clock::request_id().map_err(|error| error.to_string())?;
                let (client, first) =
                    scram::Client::begin(hash, &person.name, &person.password, &nonce);
                self.scram = Some(Box::new((client, String::new())));
                first
            }
        };
        Ok(Say::Stanzas(format!(
            "<auth xmlns='{}' mechanism='{mechanism}'>{initial}</auth>",
            ns::SASL
        )))
    }

    fn prove(&mut self, person: &mut Person, challenge: &[u8]) -> Result<Say, String> {
        let scram = self.scram.as_mut().ok_or("a challenge to PLAIN")?;
        let text = scan::text_of(challenge, "challenge")
            .and_then(|text| std::str::from_utf8(text).ok())
            .unwrap_or_default();
        let (answer, proof) = scram
            .0
            .answer_again(text.trim(), &mut person.salted)
            .ok_or("a SCRAM challenge that belongs to somebody else")?;
        scram.1 = proof;
        Ok(Say::Stanzas(format!(
            "<response xmlns='{}'>{answer}</response>",
            ns::SASL
        )))
    }

    /// With SCRAM the server proves itself too.
    fn check_server(&mut self, success: &[u8]) -> Result<(), String> {
        let Some(scram) = self.scram.take() else {
            return Ok(());
        };
        match scan::text_of(success, "success") {
            Some(text) if text.trim_ascii() == scram.1.as_bytes() => Ok(()),
            _ => Err("the server did not prove that it knows the password".into()),
        }
    }
}

fn online<'a>(name: &[u8], element: &'a [u8]) -> Heard<'a> {
    match name {
        b"message" => Heard::Message(element),
        b"iq" => {
            let kind = scan::attribute(element, "type").unwrap_or_default();
            let refused = match kind {
                b"result" => None,
                b"error" => Some(condition_of(element)),
                _ => return Heard::Nothing,
            };
            let id = scan::attribute(element, "id").unwrap_or_default();
            Heard::Answer { id, refused }
        }
        _ => Heard::Nothing,
    }
}

/// Servers ping too, and close what does not answer.
fn answer_to_ping(name: &[u8], element: &[u8]) -> Option<Say> {
    if name != b"iq" || scan::attribute(element, "type") != Some(b"get") {
        return None;
    }
    let id = String::from_utf8_lossy(scan::attribute(element, "id")?).into_owned();
    let to = match scan::attribute(element, "from") {
        Some(from) => format!(" to='{}'", String::from_utf8_lossy(from)),
        None => String::new(),
    };
    Some(Say::Stanzas(format!(
        "<iq xmlns='{}' type='result' id='{id}'{to}/>",
        ns::CLIENT
    )))
}

fn expect_result(element: &[u8], id: &[u8]) -> Result<(), String> {
    let is_it = scan::attribute(element, "id") == Some(id);
    match scan::attribute(element, "type") {
        Some(b"result") if is_it => Ok(()),
        _ => Err(format!(
            "{} was refused: {}",
            String::from_utf8_lossy(id),
            condition_of(element)
        )),
    }
}

/// The condition of an error: the first child of `<error/>`, of a failure or of a stream error.
fn condition_of(element: &[u8]) -> String {
    let error = scan::children(element)
        .flatten()
        .find(|child| scan::name(child) == b"error")
        .unwrap_or(element);
    let condition = scan::children(error).flatten().next();
    match condition {
        Some(condition) => String::from_utf8_lossy(scan::name(condition)).into_owned(),
        None => "for no stated reason".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(proof: Proof) -> Ways {
        Ways {
            domain: "x".into(),
            proof,
            resource: "load",
        }
    }

    fn person() -> Person {
        Person {
            name: "2001".into(),
            password: "secret".into(),
            salted: None,
        }
    }

    const FEATURES: &[u8] =
        b"<stream:features><mechanisms><mechanism>PLAIN</mechanism></mechanisms></stream:features>";

    #[test]
    fn a_sign_in_goes_step_by_step_to_presence() {
        let (ways, mut person) = (ways(Proof::Plain), person());
        let mut dialogue = Dialogue::new(Goal::Present);
        let mut hear = |element: &'static [u8]| dialogue.hear(&ways, &mut person, element).unwrap();
        assert!(
            matches!(hear(FEATURES), (Heard::Nothing, Some(Say::Stanzas(auth))) if auth.contains("ADIwMDEAc2VjcmV0"))
        );
        assert_eq!(hear(b"<success/>"), (Heard::Nothing, Some(Say::Restart)));
        assert!(
            matches!(hear(b"<features/>"), (_, Some(Say::Stanzas(bind))) if bind.contains("<bind"))
        );
        let bound = b"<iq type='result' id='bind'><bind><jid>2001@x/load</jid></bind></iq>";
        assert!(
            matches!(hear(bound), (_, Some(Say::Stanzas(all))) if all.starts_with("<presence"))
        );
        assert_eq!(hear(b"<presence/>"), (Heard::Nothing, None));
        assert_eq!(
            hear(b"<iq type='result' id='session'/>"),
            (Heard::There, None)
        );
        assert_eq!(hear(b"<message/>"), (Heard::Message(b"<message/>"), None));
    }

    #[test]
    fn refusals_end_it_in_words() {
        for (elements, words) in [
            (
                [FEATURES, b"<failure><not-authorized/></failure>"],
                "the credentials were refused: not-authorized",
            ),
            (
                [FEATURES, b"<stream:error><conflict/></stream:error>"],
                "the server closed the stream: conflict",
            ),
        ] {
            let (ways, mut person) = (ways(Proof::Plain), person());
            let mut dialogue = Dialogue::new(Goal::Present);
            let mut outcome = Ok(());
            for element in elements {
                outcome = dialogue.hear(&ways, &mut person, element).map(drop);
            }
            assert_eq!(outcome, Err(words.to_owned()));
        }
        let mut dialogue = Dialogue::new(Goal::Present);
        let outcome = dialogue.hear(&ways(Proof::ScramSha256), &mut person(), FEATURES);
        assert_eq!(
            outcome.map(drop),
            Err("the server does not offer SCRAM-SHA-256".to_owned())
        );
    }
}
