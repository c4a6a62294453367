-- Whether agents may work at a phone beyond the trunk: 0 no, 1 call by call, 2 with a nailed connection, 3 as they choose.

ALTER TABLE desk_settings ADD COLUMN remote_agent BIGINT NOT NULL DEFAULT 0;
