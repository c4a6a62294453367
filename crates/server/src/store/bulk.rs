//! Many rows in few statements: `INSERT ... VALUES (...), (...), ...`, a hundred rows at a time.
//! The statement's text is built from a literal head and placeholders, never from data.

use std::fmt::Write as _;

use sqlx::{AnyConnection, AssertSqlSafe};

use super::Error;

/// Rows in one statement. Both engines allow over 30,000 placeholders; the widest table needs 1,100 for these.
const ROWS: usize = 100;

/// One value of a row.
pub(super) enum Value {
    Text(String),
    Number(i64),
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Value {
        Value::Number(number.into())
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Value {
        Value::Number(number.into())
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Value {
        Value::Number(number.into())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Number(truth.into())
    }
}

/// Inserts `rows`; `head` is `INSERT INTO table (columns)` with as many columns as a row has values.
pub(super) async fn insert<const COLUMNS: usize>(
    connection: &mut AnyConnection,
    head: &'static str,
    rows: Vec<[Value; COLUMNS]>,
) -> Result<(), Error> {
    let full = statement(head, COLUMNS, ROWS);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows.by_ref().take(ROWS).collect();
        // Full chunks share one prepared statement; the last one is rarely as long twice.
        let (sql, persistent) = if chunk.len() == ROWS {
            (full.clone(), true)
        } else {
            (statement(head, COLUMNS, chunk.len()), false)
        };
        let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(persistent);
        for value in chunk.into_iter().flatten() {
            query = match value {
                Value::Text(text) => query.bind(text),
                Value::Number(number) => query.bind(number),
            };
        }
        query.execute(&mut *connection).await?;
    }
    Ok(())
}

fn statement(head: &str, columns: usize, rows: usize) -> String {
    let mut sql = format!("{head} VALUES ");
    for row in 0..rows {
        for column in 0..columns {
            let opening = match (row, column) {
                (0, 0) => "($",
                (_, 0) => "),($",
                _ => ",$",
            };
            // Writing to a String cannot fail.
            let _ = write!(sql, "{opening}{}", row * columns + column + 1);
        }
    }
    sql.push(')');
    sql
}

#[cfg(test)]
mod tests {
    use super::statement;

    #[test]
    fn placeholders_count_through_the_rows() {
        assert_eq!(
            statement("INSERT INTO t (a, b)", 2, 2),
            "INSERT INTO t (a, b) VALUES ($1,$2),($3,$4)"
        );
    }
}
