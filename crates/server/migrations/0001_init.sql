-- The configuration of one contact centre.
-- Portable between SQLite and PostgreSQL: BIGINT and TEXT only, 0/1 for truth, no sequences (see table ids).

CREATE TABLE ids (
    kind TEXT PRIMARY KEY,
    next BIGINT NOT NULL
);

CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE desk_settings (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    wrap_up_incoming BIGINT NOT NULL,
    wrap_up_outgoing BIGINT NOT NULL,
    work_mode_timer_s BIGINT NOT NULL,
    ring_no_answer_s BIGINT NOT NULL,
    logout_non_activity_s BIGINT NOT NULL,
    not_ready_reason_required BIGINT NOT NULL,
    logout_reason_required BIGINT NOT NULL
);

CREATE TABLE teams (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE extensions (
    extension TEXT PRIMARY KEY
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    login_name TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    team_id BIGINT NOT NULL REFERENCES teams (id),
    supervisor BIGINT NOT NULL,
    administrator BIGINT NOT NULL,
    extension TEXT NOT NULL REFERENCES extensions (extension),
    skill_target_id BIGINT NOT NULL UNIQUE,
    desk_settings_id BIGINT NOT NULL REFERENCES desk_settings (id),
    password TEXT NOT NULL
);

CREATE INDEX users_by_team ON users (team_id);

CREATE TABLE team_supervisors (
    team_id BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (team_id, user_id)
);

CREATE TABLE skill_groups (
    number BIGINT PRIMARY KEY,
    id BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE user_skill_groups (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    skill_group BIGINT NOT NULL REFERENCES skill_groups (number) ON DELETE CASCADE,
    PRIMARY KEY (user_id, skill_group)
);

CREATE TABLE reason_codes (
    id BIGINT PRIMARY KEY,
    category TEXT NOT NULL CHECK (category IN ('NOT_READY', 'LOGOUT')),
    code BIGINT NOT NULL,
    label TEXT NOT NULL,
    for_all BIGINT NOT NULL,
    system_code BIGINT NOT NULL,
    UNIQUE (category, code),
    UNIQUE (category, label)
);

CREATE TABLE reason_code_teams (
    reason_code_id BIGINT NOT NULL REFERENCES reason_codes (id) ON DELETE CASCADE,
    team_id BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    PRIMARY KEY (reason_code_id, team_id)
);

CREATE TABLE phone_books (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL CHECK (type IN ('GLOBAL', 'TEAM'))
);

CREATE TABLE phone_book_teams (
    phone_book_id BIGINT NOT NULL REFERENCES phone_books (id) ON DELETE CASCADE,
    team_id BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    PRIMARY KEY (phone_book_id, team_id)
);

CREATE TABLE contacts (
    id BIGINT PRIMARY KEY,
    phone_book_id BIGINT NOT NULL REFERENCES phone_books (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    phone_number TEXT NOT NULL,
    description TEXT NOT NULL,
    UNIQUE (phone_book_id, position)
);
