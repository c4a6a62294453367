//! The notification service: XMPP over BOSH, WebSocket and TCP, and the nodes that events are published on.
