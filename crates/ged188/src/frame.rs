//! Cutting the TCP stream into messages: an 8-byte header, then as many bytes as it announces.
//!
//! Knows the header only, never what a type means. Reference section 1.1.

/// Bytes of the message header: length of the body, then message type, both u32 big-endian.
pub const HEADER_LEN: usize = 8;

/// Longest message in bytes, header included (guides of protocol 23 to 25).
pub const MAX_MESSAGE_LEN: usize = 12_500;

/// The stream cannot be cut any further; the connection is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The header announces more than [`MAX_MESSAGE_LEN`]; answered with status 2.
    #[error("message of {announced} bytes announced, more than {MAX_MESSAGE_LEN}")]
    TooLong {
        /// Length of the whole message, header included, as the header has it.
        announced: u64,
    },
}

/// Total length in bytes, header included, of the first message in `buffer`.
///
/// `None` while the header is incomplete. The message itself may not be complete yet:
/// compare with the length of the buffer.
///
/// # Errors
/// The announced length is over [`MAX_MESSAGE_LEN`].
pub fn frame_len(buffer: &[u8]) -> Result<Option<usize>, FrameError> {
    let Some(header) = Header::parse(buffer) else {
        return Ok(None);
    };
    let announced = header.frame_len();
    match usize::try_from(announced) {
        Ok(len) if len <= MAX_MESSAGE_LEN => Ok(Some(len)),
        _ => Err(FrameError::TooLong { announced }),
    }
}

/// The two numbers in front of every message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) body_len: u32,
    pub(crate) message_type: u32,
}

impl Header {
    /// Reads the header, when all of it is there.
    pub(crate) fn parse(buffer: &[u8]) -> Option<Self> {
        let (length, rest) = buffer.split_first_chunk::<4>()?;
        let (kind, _) = rest.split_first_chunk::<4>()?;
        Some(Self {
            body_len: u32::from_be_bytes(*length),
            message_type: u32::from_be_bytes(*kind),
        })
    }

    /// Length of the whole message; u64 because the body alone may claim all of a u32.
    pub(crate) fn frame_len(self) -> u64 {
        HEADER_LEN as u64 + u64::from(self.body_len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_for_the_whole_header() {
        for len in 0..HEADER_LEN {
            assert_eq!(frame_len(&vec![0; len]), Ok(None));
        }
        assert_eq!(frame_len(&[0, 0, 0, 4, 0, 0, 0, 5]), Ok(Some(12)));
    }

    #[test]
    fn the_bound_counts_the_header() {
        let largest = (MAX_MESSAGE_LEN - HEADER_LEN) as u32;
        let mut bytes = [0; 8];
        bytes[..4].copy_from_slice(&largest.to_be_bytes());
        assert_eq!(frame_len(&bytes), Ok(Some(MAX_MESSAGE_LEN)));
        bytes[..4].copy_from_slice(&(largest + 1).to_be_bytes());
        assert_eq!(
            frame_len(&bytes),
            Err(FrameError::TooLong { announced: 12_501 })
        );
        bytes[..4].copy_from_slice(&[0xff; 4]);
        assert_eq!(
            frame_len(&bytes),
            Err(FrameError::TooLong {
                announced: 0x1_0000_0007
            })
        );
    }
}
