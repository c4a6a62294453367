//! Attributes that agents can have.

use std::collections::BTreeMap;

use sqlx::AnyConnection;
use tact_acd::config::{AttributeConfig, AttributeKind};

use super::bulk::{self, Value};
use super::{Error, row};

/// All attributes by id.
pub(super) async fn all(
    connection: &mut AnyConnection,
) -> Result<BTreeMap<u32, AttributeConfig>, Error> {
    let rows = sqlx::query("SELECT id, name, kind FROM attributes")
        .fetch_all(connection)
        .await?;
    let mut attributes = BTreeMap::new();
    for row in &rows {
        let id = row::number(row, "id")?;
        let attribute = AttributeConfig {
            id,
            name: row::text(row, "name")?,
            kind: row::word(row, "kind", &KINDS)?,
        };
        attributes.insert(id, attribute);
    }
    Ok(attributes)
}

/// Adds attributes.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    attributes: &[AttributeConfig],
) -> Result<(), Error> {
    bulk::insert(
        connection,
        "INSERT INTO attributes (id, name, kind)",
        attributes
            .iter()
            .map(|attribute| -> [Value; 3] {
                [
                    attribute.id.into(),
                    attribute.name.as_str().into(),
                    row::word_of(attribute.kind, &KINDS).into(),
                ]
            })
            .collect(),
    )
    .await
}

const KINDS: [(&str, AttributeKind); 2] = [
    ("BOOLEAN", AttributeKind::Boolean),
    ("PROFICIENCY", AttributeKind::Proficiency),
];
