//! Small ids, counted for each kind of object and never used twice, as the original's database ids are.

use sqlx::AnyConnection;

use super::{Error, row};

/// What ids are counted for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    DeskSettings,
    ReasonCode,
    WrapUpReason,
    PhoneBook,
    Contact,
    Attribute,
    CallType,
    /// Agents and skill groups share these numbers (SkillTargetID).
    SkillTarget,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Kind::DeskSettings => "desk_settings",
            Kind::ReasonCode => "reason_code",
            Kind::WrapUpReason => "wrap_up_reason",
            Kind::PhoneBook => "phone_book",
            Kind::Contact => "contact",
            Kind::Attribute => "attribute",
            Kind::CallType => "call_type",
            Kind::SkillTarget => "skill_target",
        }
    }

    /// The first id ever given.
    fn first(self) -> i64 {
        match self {
            Kind::SkillTarget => 5001,
            _ => 1,
        }
    }
}

/// Takes `count` ids that follow each other and returns the first.
pub(super) async fn take(
    connection: &mut AnyConnection,
    kind: Kind,
    count: u32,
) -> Result<u32, Error> {
    let row = sqlx::query(
        "INSERT INTO ids (kind, next) VALUES ($1, $2) \
         ON CONFLICT (kind) DO UPDATE SET next = ids.next + $3 \
         RETURNING next - $3 AS first",
    )
    .bind(kind.name())
    .bind(kind.first() + i64::from(count))
    .bind(i64::from(count))
    .fetch_one(connection)
    .await?;
    row::number(&row, "first")
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;

    #[tokio::test]
    async fn ids_follow_each_other_for_each_kind() {
        let store = Store::open("sqlite::memory:").await.unwrap();
        let mut connection = store.pool.acquire().await.unwrap();
        assert_eq!(take(&mut connection, Kind::Contact, 3).await.unwrap(), 1);
        assert_eq!(take(&mut connection, Kind::Contact, 1).await.unwrap(), 4);
        assert_eq!(take(&mut connection, Kind::PhoneBook, 1).await.unwrap(), 1);
        let first = take(&mut connection, Kind::SkillTarget, 2).await.unwrap();
        assert_eq!(first, 5001);
    }
}
