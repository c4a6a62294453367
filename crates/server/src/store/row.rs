//! Reading one column of one row as the type that it means.

use sqlx::Row;
use sqlx::any::AnyRow;

use super::Error;

/// A TEXT column.
pub(super) fn text(row: &AnyRow, column: &'static str) -> Result<String, Error> {
    Ok(row.try_get(column)?)
}

/// A BIGINT column as a smaller number.
pub(super) fn number<T: TryFrom<i64>>(row: &AnyRow, column: &'static str) -> Result<T, Error> {
    let value: i64 = row.try_get(column)?;
    T::try_from(value).map_err(|_| Error::Value {
        column,
        value: value.to_string(),
    })
}

/// A BIGINT column that holds 0 or 1.
pub(super) fn truth(row: &AnyRow, column: &'static str) -> Result<bool, Error> {
    Ok(number::<i64>(row, column)? != 0)
}

/// A TEXT column that holds one of some words.
pub(super) fn word<T: Copy>(
    row: &AnyRow,
    column: &'static str,
    words: &[(&str, T)],
) -> Result<T, Error> {
    let value = text(row, column)?;
    let known = words.iter().find(|(word, _)| *word == value);
    known
        .map(|(_, meaning)| *meaning)
        .ok_or(Error::Value { column, value })
}

/// The word for a value; every value has one.
pub(super) fn word_of<T: PartialEq>(value: T, words: &[(&'static str, T)]) -> &'static str {
    let known = words.iter().find(|(_, meaning)| *meaning == value);
    known.map_or("", |(word, _)| word)
}
