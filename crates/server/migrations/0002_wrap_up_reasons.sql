-- What agents may write down about a call. A label is at most 39 bytes, which the program checks.

CREATE TABLE wrap_up_reasons (
    id BIGINT PRIMARY KEY,
    label TEXT NOT NULL UNIQUE,
    for_all BIGINT NOT NULL
);

CREATE TABLE wrap_up_reason_teams (
    wrap_up_reason_id BIGINT NOT NULL REFERENCES wrap_up_reasons (id) ON DELETE CASCADE,
    team_id BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    PRIMARY KEY (wrap_up_reason_id, team_id)
);
