//! Values and rows as they cross to C++: CQL cells, each a big-endian i32 length (-1 null, -2 unset) and that many
//! bytes, one after another. C++ writes and reads what is in them; here they are only counted.

use scylla::deserialize::row::ColumnIterator;
use scylla::response::query_result::QueryResult;
use scylla::serialize::row::{RowSerializationContext, SerializeRow};
use scylla::serialize::writers::RowWriter;
use scylla::serialize::SerializationError;

use crate::failure::{Failure, Kind};

/// The bound values of one execution.
pub struct Cells<'a>(pub &'a [u8]);

#[derive(Debug)]
struct BadCells(&'static str);

impl std::fmt::Display for BadCells {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.0)
    }
}
impl std::error::Error for BadCells {}

impl SerializeRow for Cells<'_> {
    fn serialize(
        &self,
        context: &RowSerializationContext<'_>,
        writer: &mut RowWriter,
    ) -> Result<(), SerializationError> {
        let bad = |what| SerializationError::new(BadCells(what));
        let mut rest = self.0;
        for _ in context.columns() {
            let (head, tail) = rest
                .split_first_chunk::<4>()
                .ok_or_else(|| bad("fewer values than the statement has"))?;
            rest = tail;
            let cell = writer.make_cell_writer();
            match i32::from_be_bytes(*head) {
                -1 => drop(cell.set_null()),
                -2 => drop(cell.set_unset()),
                size => {
                    let size = usize::try_from(size).map_err(|_| bad("a negative length"))?;
                    let value = rest
                        .get(..size)
                        .ok_or_else(|| bad("a value longer than its buffer"))?;
                    rest = &rest[size..];
                    cell.set_value(value).map_err(|_| bad("a value too long"))?;
                }
            }
        }
        if rest.is_empty() {
            Ok(())
        } else {
            Err(bad("more values than the statement has"))
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The rows that a statement gave back, as cells.
#[derive(Default)]
pub struct Page {
    pub cells: Vec<u8>,
    pub rows: usize,
    pub columns: usize,
    /// Where the next page starts; empty when there is none, or when the statement is not paged.
    pub next: Vec<u8>,
}

fn unreadable(error: impl std::fmt::Display) -> Failure {
    Failure::new(Kind::Internal, format!("an answer cannot be read: {error}"))
}

impl Page {
    pub fn of(result: QueryResult) -> Result<Page, Failure> {
        if !result.is_rows() {
            return Ok(Page::default());
        }
        let rows = result.into_rows_result().map_err(unreadable)?;
        let mut page = Page {
            cells: Vec::with_capacity(rows.rows_bytes_size()),
            rows: rows.rows_num(),
            columns: rows.column_specs().len(),
            next: Vec::new(),
        };
        for row in rows.rows::<ColumnIterator>().map_err(unreadable)? {
            for column in row.map_err(unreadable)? {
                let cell = column.map_err(unreadable)?.slice;
                page.put(cell.as_ref().map(|slice| slice.as_slice()));
            }
        }
        Ok(page)
    }

    fn put(&mut self, cell: Option<&[u8]>) {
        // A frame, and so a cell, is smaller than 2 GiB.
        let size = cell.map_or(-1, |bytes| bytes.len() as i32);
        self.cells.extend_from_slice(&size.to_be_bytes());
        self.cells.extend_from_slice(cell.unwrap_or_default());
    }
}
