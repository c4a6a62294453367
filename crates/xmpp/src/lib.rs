//! XMPP as values: stanzas, streams, SASL, BOSH bodies, PubSub, and the session machines.
