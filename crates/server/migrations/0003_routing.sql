-- Where calls go: attributes of agents, queues that ask for them, routes from dialled numbers to queues.
-- An absent overflow, and an absent consider-if, is an empty text.

CREATE TABLE attributes (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('BOOLEAN', 'PROFICIENCY'))
);

CREATE TABLE user_attributes (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    attribute_id BIGINT NOT NULL REFERENCES attributes (id) ON DELETE CASCADE,
    value BIGINT NOT NULL,
    PRIMARY KEY (user_id, attribute_id)
);

CREATE TABLE precision_queues (
    number BIGINT PRIMARY KEY,
    id BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE precision_queue_steps (
    precision_queue BIGINT NOT NULL REFERENCES precision_queues (number) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    wait_s BIGINT NOT NULL,
    groups_of_conditions BIGINT NOT NULL,
    consider_measure TEXT NOT NULL,
    consider_comparison TEXT NOT NULL,
    consider_value BIGINT NOT NULL,
    PRIMARY KEY (precision_queue, position)
);

-- The conditions of one group must all hold; one group of a step suffices.
CREATE TABLE precision_queue_conditions (
    precision_queue BIGINT NOT NULL,
    step BIGINT NOT NULL,
    group_of_conditions BIGINT NOT NULL,
    position BIGINT NOT NULL,
    attribute_id BIGINT NOT NULL REFERENCES attributes (id),
    comparison TEXT NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (precision_queue, step, group_of_conditions, position),
    FOREIGN KEY (precision_queue, step) REFERENCES precision_queue_steps (precision_queue, position) ON DELETE CASCADE
);

CREATE TABLE routes (
    dialed TEXT PRIMARY KEY,
    call_type BIGINT NOT NULL,
    priority BIGINT NOT NULL,
    overflow_after_s BIGINT NOT NULL,
    overflow_to TEXT NOT NULL
);

-- A queue is a skill group or a precision queue; they share one range of numbers.
CREATE TABLE route_queues (
    dialed TEXT NOT NULL REFERENCES routes (dialed) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    queue BIGINT NOT NULL,
    PRIMARY KEY (dialed, position)
);
