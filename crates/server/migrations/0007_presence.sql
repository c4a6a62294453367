-- What is to be known of agents' presence after a restart.

-- Agents who were signed in with a desktop of this node: when it starts again they have the grace to come back.
CREATE TABLE watched_agents (
    node TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    PRIMARY KEY (node, agent_id)
);

-- Why agents are no longer signed in; the last ones of each. Times are milliseconds since 1970, 0 where there is none.
CREATE TABLE sign_outs (
    agent_id TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    cause TEXT NOT NULL,
    reason BIGINT NOT NULL,
    by_user TEXT NOT NULL,
    channel TEXT NOT NULL,
    noticed TEXT NOT NULL,
    absent_since_ms BIGINT NOT NULL,
    PRIMARY KEY (agent_id, at_ms)
);
