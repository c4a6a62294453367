-- What the notification service keeps.

-- SCRAM keys, so that a client can prove a password without sending it. They are void as soon as the user's password
-- column is another than the one that they were derived under.
CREATE TABLE scram_keys (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    mechanism TEXT NOT NULL,
    password TEXT NOT NULL,
    keys TEXT NOT NULL,
    PRIMARY KEY (user_id, mechanism)
);

-- Explicit subscriptions of a bare address, which outlive its sessions.
CREATE TABLE subscriptions (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    node TEXT NOT NULL,
    PRIMARY KEY (user_id, node)
);

-- Random values that all servers of one database share, by what they are for.
CREATE TABLE secrets (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
