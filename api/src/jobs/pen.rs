//! The pen: rows go to a thread of their own that writes them, so many on their way and no more.

use pingxuan_documents::sheets::{Cell, Column, Format, Language, Writer, WritingFault};
use tempfile::TempPath;
use time::OffsetDateTime;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::problem::Failure;

/// Rows that go to the writer at once.
const ROWS: usize = 200;
/// Batches that may be on their way.
const BATCHES: usize = 4;

/// What the writer is told.
enum Order {
    Sheet(String, Vec<Column>),
    Rows(Vec<Vec<Cell>>),
    Finish,
}

/// Writes sheets.
#[derive(Debug)]
pub struct Pen {
    orders: mpsc::Sender<Order>,
    writing: JoinHandle<Result<TempPath, WritingFault>>,
    waiting: Vec<Vec<Cell>>,
    rows: u64,
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Order")
    }
}

impl Pen {
    /// Begins a file, which goes with the writer where it is not ended.
    #[must_use]
    pub fn begin(path: TempPath, format: Format, language: Language, made: OffsetDateTime) -> Self {
        let (orders, mut coming) = mpsc::channel(BATCHES);
        let writing = tokio::task::spawn_blocking(move || {
            let mut writer = Writer::create(&path, format, language, made)?;
            while let Some(order) = coming.blocking_recv() {
                match order {
                    Order::Sheet(name, columns) => writer.sheet(&name, &columns)?,
                    Order::Rows(rows) => rows.iter().try_for_each(|row| writer.row(row))?,
                    Order::Finish => {
                        writer.finish()?;
                        return Ok(path);
                    }
                }
            }
            // Whoever held the pen has gone.
            Err(WritingFault::NoSheet)
        });
        Self { orders, writing, waiting: Vec::new(), rows: 0 }
    }

    /// Begins a sheet.
    ///
    /// # Errors
    /// [`Failure`] where the writer has stopped.
    pub async fn sheet(&mut self, name: &str, columns: Vec<Column>) -> Result<(), Failure> {
        self.flush().await?;
        self.order(Order::Sheet(name.to_owned(), columns)).await
    }

    /// Writes a row.
    ///
    /// # Errors
    /// [`Failure`] where the writer has stopped.
    pub async fn row(&mut self, cells: Vec<Cell>) -> Result<(), Failure> {
        self.waiting.push(cells);
        self.rows += 1;
        if self.waiting.len() >= ROWS { self.flush().await } else { Ok(()) }
    }

    /// Ends the file; answers it, and how many rows it has.
    ///
    /// # Errors
    /// 507 where there is no room, [`Failure::Internal`] where it could not be written.
    pub async fn close(mut self) -> Result<(TempPath, u64), Failure> {
        self.flush().await?;
        self.order(Order::Finish).await?;
        Ok((stopped(&mut self.writing).await?, self.rows))
    }

    async fn flush(&mut self) -> Result<(), Failure> {
        let rows = std::mem::take(&mut self.waiting);
        if rows.is_empty() { Ok(()) } else { self.order(Order::Rows(rows)).await }
    }

    async fn order(&mut self, order: Order) -> Result<(), Failure> {
        if self.orders.send(order).await.is_ok() {
            return Ok(());
        }
        stopped(&mut self.writing).await?;
        Err(Failure::Internal("the writer of sheets has stopped".into()))
    }
}

/// How the writer has ended.
async fn stopped(writing: &mut JoinHandle<Result<TempPath, WritingFault>>) -> Result<TempPath, Failure> {
    let ended = writing.await.map_err(|error| Failure::Internal(format!("a writer of sheets: {error}")))?;
    ended.map_err(|fault| {
        if let WritingFault::Io(error) = fault {
            error.into()
        } else {
            Failure::Internal(format!("a sheet: {fault}"))
        }
    })
}
