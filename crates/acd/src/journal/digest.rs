//! What the machine said, as one number: two runs that agree in it said the same in the same order.

use tact_ged188::{Protocol, encode};

use crate::io::{Output, Trace};

/// A running CRC-32 over outputs.
#[derive(Debug, Clone, Default)]
pub struct OutputDigest {
    hasher: crc32fast::Hasher,
    /// Empty between two outputs; kept for its memory.
    bytes: Vec<u8>,
}

impl OutputDigest {
    /// Adds one output.
    pub fn add(&mut self, output: &Output) {
        self.bytes.clear();
        spell(output, &mut self.bytes);
        self.hasher.update(&self.bytes);
    }

    /// The digest of everything added so far.
    pub fn value(&self) -> u32 {
        self.hasher.clone().finalize()
    }
}

/// Bytes that differ when outputs do. Nobody reads them.
fn spell(output: &Output, out: &mut Vec<u8>) {
    match output {
        Output::Opened { client, protocol } => {
            out.push(1);
            out.extend_from_slice(&client.0.to_be_bytes());
            out.extend_from_slice(&protocol.number().to_be_bytes());
        }
        Output::Send { to, message } => {
            out.push(2);
            for client in to {
                out.extend_from_slice(&client.0.to_be_bytes());
            }
            spell_message(message, out);
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
        Output::Trace(Trace::AgentEvent(message)) => {
            out.push(5);
            spell_message(message, out);
        }
        Output::Trace(trace) => {
            out.push(6);
            out.extend_from_slice(format!("{trace:?}").as_bytes());
        }
    }
}

fn spell_message(message: &tact_ged188::Message, out: &mut Vec<u8>) {
    // What is too long for the wire is sent to nobody, and counts as its name.
    if encode(message, Protocol::CURRENT, out).is_err() {
        out.extend_from_slice(message.name().as_bytes());
    }
}
