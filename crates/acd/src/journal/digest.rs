//! What the machine said, as one number: two runs that agree in it said the same in the same order.

use std::sync::Arc;

use tact_ged188::{Message, Protocol, encode};

use crate::io::{Output, Trace};

/// A running CRC-32 over outputs.
#[derive(Debug, Clone, Default)]
pub struct OutputDigest {
    hasher: crc32fast::Hasher,
    /// What an output is spelt in; kept for its memory.
    bytes: Vec<u8>,
    /// The last message and its bytes: what is sent is often traced as well.
    message: Option<Arc<Message>>,
    frame: Vec<u8>,
}

impl OutputDigest {
    /// Adds one output.
    pub fn add(&mut self, output: &Output) {
        self.bytes.clear();
        spell(output, &mut self.bytes);
        self.hasher.update(&self.bytes);
        if let Output::Send { message, .. } | Output::Trace(Trace::AgentEvent(message)) = output {
            self.add_message(message);
        }
    }

    fn add_message(&mut self, message: &Arc<Message>) {
        if !self
            .message
            .as_ref()
            .is_some_and(|last| Arc::ptr_eq(last, message))
        {
            self.frame.clear();
            // What is too long for the wire is sent to nobody, and counts as its name.
            if encode(message, Protocol::CURRENT, &mut self.frame).is_err() {
                self.frame.extend_from_slice(message.name().as_bytes());
            }
            self.message = Some(Arc::clone(message));
        }
        self.hasher.update(&self.frame);
    }

    /// The digest of everything added so far.
    pub fn value(&self) -> u32 {
        self.hasher.clone().finalize()
    }
}

/// Bytes that differ when outputs do, the message's but for them. Nobody reads them.
fn spell(output: &Output, out: &mut Vec<u8>) {
    match output {
        Output::Opened { client, protocol } => {
            out.push(1);
            out.extend_from_slice(&client.0.to_be_bytes());
            out.extend_from_slice(&protocol.number().to_be_bytes());
        }
        Output::Send { to, .. } => {
            out.push(2);
            for client in to {
                out.extend_from_slice(&client.0.to_be_bytes());
            }
        }
        Output::Close { client, reason } => {
            out.push(3);
            out.extend_from_slice(&client.0.to_be_bytes());
            out.extend_from_slice(format!("{reason:?}").as_bytes());
        }
        Output::Fabric(command) => {
            out.push(4);
            // Memory grows, so this cannot fail; a command that has no spelling would be told by its debug text.
            if rmp_serde::encode::write(out, command).is_err() {
                out.extend_from_slice(format!("{command:?}").as_bytes());
            }
        }
        Output::Trace(Trace::AgentEvent(_)) => out.push(5),
        Output::Trace(trace) => {
            out.push(6);
            out.extend_from_slice(format!("{trace:?}").as_bytes());
        }
    }
}
