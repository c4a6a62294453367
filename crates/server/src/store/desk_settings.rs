//! Desk settings: how a group of agents works.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::bulk::{self, Value};
use super::{DeskSettings, Error, row};

/// All desk settings by id.
pub(super) async fn all(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<u32, DeskSettings>, Error> {
    let rows = sqlx::query(
        "SELECT id, name, wrap_up_incoming, wrap_up_outgoing, work_mode_timer_s, ring_no_answer_s, \
         logout_non_activity_s, not_ready_reason_required, logout_reason_required, remote_agent FROM desk_settings",
    )
    .fetch_all(connection)
    .await?;
    let mut all = BTreeMap::new();
    for row in &rows {
        let settings = DeskSettings {
            id: row::number(row, "id")?,
            name: row::text(row, "name")?,
            wrap_up_incoming: row::number(row, "wrap_up_incoming")?,
            wrap_up_outgoing: row::number(row, "wrap_up_outgoing")?,
            work_mode_timer_s: row::number(row, "work_mode_timer_s")?,
            ring_no_answer_s: row::number(row, "ring_no_answer_s")?,
            logout_non_activity_s: row::number(row, "logout_non_activity_s")?,
            not_ready_reason_required: row::truth(row, "not_ready_reason_required")?,
            logout_reason_required: row::truth(row, "logout_reason_required")?,
            remote_agent: row::number(row, "remote_agent")?,
        };
        all.insert(settings.id, settings);
    }
    Ok(all)
}

/// Adds desk settings.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    settings: &[DeskSettings],
) -> Result<(), Error> {
    bulk::insert(
        connection,
        "INSERT INTO desk_settings (id, name, wrap_up_incoming, wrap_up_outgoing, work_mode_timer_s, \
         ring_no_answer_s, logout_non_activity_s, not_ready_reason_required, logout_reason_required, remote_agent)",
        settings.iter().map(|settings| -> [Value; 10] {
            [
                settings.id.into(),
                settings.name.as_str().into(),
                settings.wrap_up_incoming.into(),
                settings.wrap_up_outgoing.into(),
                settings.work_mode_timer_s.into(),
                settings.ring_no_answer_s.into(),
                settings.logout_non_activity_s.into(),
                settings.not_ready_reason_required.into(),
                settings.logout_reason_required.into(),
                settings.remote_agent.into(),
            ]
        }).collect(),
    )
    .await
}
