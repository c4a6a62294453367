//! One message on its way to several clients: its bytes in each version, and who gets them.

use bytes::Bytes;
use smallvec::SmallVec;
use tact_acd::{ClientId, Recipients};
use tact_ged188::{Message, Protocol};

/// One message as bytes, made once for each version among its recipients.
#[derive(Default)]
pub(super) struct Encoded {
    versions: SmallVec<[Version; 1]>,
}

/// A message in one version.
pub(super) struct Version {
    pub(super) protocol: Protocol,
    /// None when it is too long for the wire.
    pub(super) bytes: Option<Bytes>,
    /// Who gets it, the first of them apart.
    pub(super) first: ClientId,
    pub(super) others: Recipients,
}

impl Encoded {
    /// The bytes for a client of this version, which is noted among the recipients.
    pub(super) fn for_client(
        &mut self,
        client: ClientId,
        message: &Message,
        protocol: Protocol,
    ) -> Option<Bytes> {
        let known = |version: &&mut Version| version.protocol == protocol;
        if let Some(version) = self.versions.iter_mut().find(known) {
            version.others.push(client);
            return version.bytes.clone();
        }
        let mut bytes = Vec::with_capacity(256);
        let encoded = tact_ged188::encode(message, protocol, &mut bytes);
        let bytes: Option<Bytes> = encoded.is_ok().then(|| bytes.into());
        self.versions.push(Version {
            protocol,
            bytes: bytes.clone(),
            first: client,
            others: Recipients::new(),
        });
        bytes
    }

    /// Everything that was asked for.
    pub(super) fn versions(&self) -> &[Version] {
        &self.versions
    }
}
