//! From a [`Record`] to the typed [`Event`]: the inverse of the writer.

use super::{AgentStateEvent, Event, Record};

/// Owns the lists that an [`Event`] borrows; reuse it from record to record.
#[derive(Debug, Default, Clone)]
pub struct Lists {
    pairs: Vec<(String, String)>,
    bytes: Vec<u8>,
}

impl<'r> Record<'r> {
    /// The record as a typed event. A mnemonic that is not ours, or one of ours whose items can't be read, is
    /// [`Event::Other`], so nothing is lost.
    pub fn event<'a>(&'a self, lists: &'a mut Lists) -> Event<'a>
    where
        'r: 'a,
    {
        lists.pairs.clear();
        lists.bytes.clear();
        self.fill(lists);
        let lists = &*lists;
        self.typed(lists).unwrap_or(Event::Other {
            severity: self.severity,
            mnemonic: self.mnemonic,
            fields: &lists.pairs,
            message: self.message,
        })
    }

    fn message_name(&self) -> Option<&'r str> {
        self.item("cti_message_name")
    }

    fn fill(&self, lists: &mut Lists) {
        let own = |(key, value): (&str, &str)| (key.to_owned(), value.to_owned());
        let message = self.item("cti_message").unwrap_or_default();
        match self.mnemonic {
            "REQUEST_START" => lists
                .pairs
                .extend(parameters(self.item("parameter_name").unwrap_or_default()).map(own)),
            "RAW_MESSAGE_FROM_CTI_SERVER" if unhex(message, &mut lists.bytes).is_some() => {}
            "MESSAGE_TO_CTI_SERVER" if self.message_name() == Some("SetAgentStateReq") => {}
            "MESSAGE_TO_CTI_SERVER" if self.message_name().is_some() => {
                lists.pairs.extend(
                    colon_pairs(message)
                        .filter(|(key, _)| *key != "Invoke id")
                        .map(own),
                );
            }
            "DECODED_MESSAGE_FROM_CTI_SERVER" if decoded(message).is_some() => {
                if let Some((_, body, _)) = decoded(message) {
                    lists.pairs.extend(equal_pairs(body).map(own));
                }
            }
            _ => lists.pairs.extend(self.items.iter().copied().map(own)),
        }
    }

    fn typed<'a>(&self, lists: &'a Lists) -> Option<Event<'a>>
    where
        'r: 'a,
    {
        let message = self.item("cti_message").unwrap_or_default();
        Some(match self.mnemonic {
            "REQUEST_START" => Event::RequestStart {
                method: self.item("method_name")?,
                parameters: &lists.pairs,
                resource: self.item("resource_name")?,
                // The document's own line leaves the bracket open: `[usr=: Request start`.
                user: self.item("usr").unwrap_or_default(),
            },
            "API_REQUEST" => Event::ApiRequest {
                url: self.item("REQUEST_URL")?,
                agent_id: self.item("agent_id").unwrap_or_default(),
                request_identifier: self.item("request_identifier").filter(|id| *id != "null"),
                request_method: self.item("request_method")?,
                request_parameters: self.item("request_parameters").unwrap_or_default(),
            },
            "REGISTER_API_STATS_OBJECT" => Event::RegisterApiStatsObject {
                component: self.item("resource_name")?.split_once("component0=")?.1,
            },
            "REQUEST_END" => Event::RequestEnd {
                elapsed_ms: self.item("elapsed_time")?.trim().parse().ok()?,
            },
            "RAW_MESSAGE_FROM_CTI_SERVER" if !lists.bytes.is_empty() || message.is_empty() => {
                Event::RawMessageFromCtiServer {
                    bytes: &lists.bytes,
                }
            }
            "MESSAGE_TO_CTI_SERVER" => match self.message_name()? {
                "SetAgentStateReq" => set_agent_state(message)?,
                name => Event::MessageToCtiServer {
                    name,
                    invoke_id: number(message, "Invoke id"),
                    fields: &lists.pairs,
                },
            },
            "DECODED_MESSAGE_FROM_CTI_SERVER" => decoded_message(message, lists)?,
            "XMPP_PUBLISH_ASYNCHRONOUS" => Event::XmppPublishAsynchronous {
                node: self.item("NodeId")?,
                payload: self.item("Payload")?,
            },
            "PRESENCE_NOTIFICATION_RECIEVED" => Event::PresenceNotificationRecieved {
                from_jid: self.item("FROM JID")?,
                presence_type: self.item("PRESENCE_TYPE")?,
            },
            _ => return None,
        })
    }
}

/// `{ nocache=[1366756802163], }`: each value between brackets.
fn parameters(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text.trim().trim_start_matches('{');
    std::iter::from_fn(move || {
        let (key, after) = rest.split_once("=[")?;
        let mut depth = 1usize;
        let end = after.bytes().position(|byte| {
            match byte {
                b'[' => depth += 1,
                b']' => depth -= 1,
                _ => {}
            }
            depth == 0
        })?;
        rest = after.get(end + 1..)?;
        Some((
            key.trim_start_matches([',', ' ']).trim_end(),
            after.get(..end)?,
        ))
    })
}

/// `key : value, key: value`.
fn colon_pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split(',')
        .filter_map(|item| item.split_once(':'))
        .map(|(key, value)| {
            let value = value.strip_prefix(' ').unwrap_or(value);
            (
                key.trim(),
                if key.trim() == "Invoke id" {
                    value.trim()
                } else {
                    value
                },
            )
        })
}

/// `key=value, key=value`; a value may hold brackets with commas in them.
fn equal_pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let mut depth = 0usize;
            let end = rest
                .bytes()
                .position(|byte| {
                    match byte {
                        b'[' => depth += 1,
                        b']' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    byte == b',' && depth == 0
                })
                .unwrap_or(rest.len());
            let item = rest.get(..end)?;
            rest = rest.get(end + 1..).unwrap_or_default();
            if let Some((key, value)) = item.split_once('=') {
                return Some((key.trim(), value));
            }
        }
    })
}

fn number<T: std::str::FromStr>(text: &str, key: &str) -> Option<T> {
    colon_pairs(text)
        .find(|(name, _)| *name == key)?
        .1
        .trim()
        .parse()
        .ok()
}

fn set_agent_state(text: &str) -> Option<Event<'_>> {
    let field = |key: &str| {
        colon_pairs(text)
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value)
    };
    let reason: i32 = number(text, "reason code")?;
    Some(Event::SetAgentStateReq {
        invoke_id: number(text, "Invoke id")?,
        agent_state: number(text, "agentstate")?,
        work_mode: number(text, "workmode")?,
        reason_code: code(reason)?,
        force_flag: number(text, "forceflag")?,
        agent_text: field("agenttext")?,
        agent_id: field("agentid")?,
    })
}

/// A 16-bit code that a log prints signed or unsigned.
fn code(value: i32) -> Option<u16> {
    u16::try_from(value)
        .ok()
        .or_else(|| Some(i16::try_from(value).ok()?.cast_unsigned()))
}

/// `CTI<Name> [body]CTIMessageBean [bean]`.
fn decoded(text: &str) -> Option<(&str, &str, &str)> {
    let (event, bean) = text.split_once("]CTIMessageBean [")?;
    let (name, body) = event.strip_prefix("CTI")?.split_once('[')?;
    Some((name.trim_end(), body, bean))
}

/// `2 (NOT_READY)` or `2`.
fn leading<T: std::str::FromStr>(value: &str) -> Option<T> {
    value.split_ascii_whitespace().next()?.parse().ok()
}

fn decoded_message<'a>(text: &'a str, lists: &'a Lists) -> Option<Event<'a>> {
    let (name, body, bean) = decoded(text)?;
    let of = |part: &'a str, key: &str| {
        equal_pairs(part)
            .find(|(found, _)| *found == key)
            .map(|(_, value)| value)
    };
    let stamp = |key: &str| -> Option<i64> {
        let after = bean.split_once(key)?.1.trim_start_matches(['"', ':', ' ']);
        let end = after
            .find(|c: char| !c.is_ascii_digit() && c != '-')
            .unwrap_or(after.len());
        after.get(..end)?.parse().ok()
    };
    let (received, dispatched) = (
        stamp("CTI_MSG_RECEIVED")?,
        stamp("CTI_MSG_DISPATCH").or_else(|| stamp("CTI_MSG_NOTIFIED"))?,
    );
    if name != "AgentStateEvent" {
        return Some(Event::DecodedMessage {
            name,
            message_id: leading(of(bean, "msgID")?)?,
            invoke_id: of(bean, "invokeID").and_then(leading),
            fields: &lists.pairs,
            received,
            dispatched,
        });
    }
    let field = |key: &str| of(body, key);
    Some(Event::AgentStateEvent(AgentStateEvent {
        skill_group_state: leading(field("skillGroupState")?)?,
        state_duration: leading(field("stateDuration")?)?,
        skill_group_number: leading(field("skillGroupNumber")?)?,
        skill_group_priority: leading(field("skillGroupPriority")?)?,
        agent_state: leading(field("agentState")?)?,
        event_reason_code: code(leading(field("eventReasonCode")?)?)?,
        signature: field("CTIClientSignature").unwrap_or_default(),
        agent_id: field("agentID")?,
        agent_extension: field("agentExtension")?,
        agent_instrument: field("agentInstrument").unwrap_or_default(),
        // 9.1 prints neither of the next three.
        mrd_id: field("MRDId").and_then(leading).unwrap_or(1),
        agent_mode: field("agentMode").and_then(leading).unwrap_or(1),
        sequence: of(bean, "cti_sequence_id").and_then(leading).unwrap_or(0),
        received,
        dispatched,
    }))
}

fn unhex(text: &str, out: &mut Vec<u8>) -> Option<()> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    for pair in text.as_bytes().chunks_exact(2) {
        let [high, low] = pair else { return None };
        let digit = |byte: &u8| char::from(*byte).to_digit(16);
        let value = digit(high)
            .zip(digit(low))
            .and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        match value {
            Some(value) => out.push(value),
            None => {
                out.clear();
                return None;
            }
        }
    }
    Some(())
}
