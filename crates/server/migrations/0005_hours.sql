-- When routes are open. Hours are minutes since Monday 0:00; a route that has none of them is never open.

ALTER TABLE routes ADD COLUMN has_hours BIGINT NOT NULL DEFAULT 0;
ALTER TABLE routes ADD COLUMN utc_offset_min BIGINT NOT NULL DEFAULT 0;
ALTER TABLE routes ADD COLUMN closed_to TEXT NOT NULL DEFAULT '';

CREATE TABLE route_hours (
    dialed TEXT NOT NULL REFERENCES routes (dialed) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    from_min BIGINT NOT NULL,
    to_min BIGINT NOT NULL,
    PRIMARY KEY (dialed, position)
);
