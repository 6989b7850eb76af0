//! Runs many statements at a time, each tried again while that may help.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use scylla::client::session::Session;
use scylla::response::{PagingState, PagingStateResponse};
use scylla::statement::batch::{Batch, BatchType};
use scylla::statement::prepared::PreparedStatement;
use scylla::statement::{Consistency, SerialConsistency, Statement};
use tokio::sync::{watch, OnceCell, Semaphore};
use tokio::time::Instant;

use crate::cells::{Cells, Page};
use crate::failure::{Failure, Kind};

/// How long schema changes may take: all nodes have to agree.
const SCHEMA_TIMEOUT: Duration = Duration::from_secs(60);
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

pub struct StatementText {
    pub cql: String,
    /// False: sent as it stands, without values, with time enough for a change of the schema.
    pub prepare: bool,
    pub idempotent: bool,
    pub consistency: Consistency,
    pub serial_consistency: Option<SerialConsistency>,
}

/// Prepared when it is first run: making one asks no server.
pub struct CqlStatement {
    pub text: StatementText,
    prepared: OnceCell<PreparedStatement>,
}

impl CqlStatement {
    pub fn new(text: StatementText) -> Self {
        CqlStatement {
            text,
            prepared: OnceCell::new(),
        }
    }

    async fn prepared(&self, session: &Session) -> Result<&PreparedStatement, Failure> {
        let prepare = || async {
            let mut statement = session.prepare(self.text.cql.as_str()).await?;
            statement.set_is_idempotent(self.text.idempotent);
            statement.set_consistency(self.text.consistency);
            statement.set_serial_consistency(self.text.serial_consistency);
            statement.set_use_cached_result_metadata(true);
            Ok(statement)
        };
        self.prepared.get_or_try_init(prepare).await
    }

    fn plain(&self) -> Statement {
        let mut statement = Statement::new(self.text.cql.as_str());
        statement.set_is_idempotent(self.text.idempotent);
        statement.set_consistency(self.text.consistency);
        statement.set_request_timeout(Some(SCHEMA_TIMEOUT));
        statement
    }
}

/// A statement with one row of values; or with several, which then are one unlogged batch.
pub struct Request {
    pub statement: Arc<CqlStatement>,
    pub first_row: usize,
    pub rows: usize,
    /// Rows of one page; 0 for all in one answer.
    pub page_size: i32,
    pub page_start: Vec<u8>,
}

pub struct Job {
    pub requests: Vec<Request>,
    pub values: Vec<u8>,
    /// Where the values of each row end.
    pub ends: Vec<usize>,
}

pub type Answer = Result<Page, Failure>;

impl Job {
    fn row(&self, index: usize) -> Cells<'_> {
        let begin = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        Cells(&self.values[begin..self.ends[index]])
    }

    async fn attempt(&self, request: &Request, session: &Session) -> Answer {
        if !request.statement.text.prepare {
            return Page::of(session.query_unpaged(request.statement.plain(), ()).await?);
        }
        let statement = request.statement.prepared(session).await?;
        if request.rows != 1 {
            return self.batch(request, statement, session).await;
        }
        let values = self.row(request.first_row);
        if request.page_size <= 0 {
            return Page::of(session.execute_unpaged(statement, values).await?);
        }
        let mut paged = statement.clone();
        paged.set_page_size(request.page_size);
        let start = match request.page_start.as_slice() {
            [] => PagingState::start(),
            raw => PagingState::new_from_raw_bytes(raw),
        };
        let (result, next) = session.execute_single_page(&paged, values, start).await?;
        let mut page = Page::of(result)?;
        if let PagingStateResponse::HasMorePages { state } = next {
            page.next = state
                .as_bytes_slice()
                .map_or(Vec::new(), |raw| raw.to_vec());
        }
        Ok(page)
    }

    async fn batch(
        &self,
        request: &Request,
        statement: &PreparedStatement,
        session: &Session,
    ) -> Answer {
        let statements = vec![statement.clone().into(); request.rows];
        let mut batch = Batch::new_with_statements(BatchType::Unlogged, statements);
        batch.set_is_idempotent(request.statement.text.idempotent);
        batch.set_consistency(request.statement.text.consistency);
        let rows = request.first_row..request.first_row + request.rows;
        let values: Vec<_> = rows.map(|row| self.row(row)).collect();
        Page::of(session.batch(&batch, values).await?)
    }
}

/// What all jobs of a session share.
pub struct Engine {
    session: Session,
    in_flight: Semaphore,
    max_in_flight: usize,
    retry_for: Duration,
    closing: watch::Sender<bool>,
    running: Mutex<usize>,
    all_done: Condvar,
}

impl Engine {
    pub fn new(session: Session, max_in_flight: usize, retry_for: Duration) -> Self {
        Engine {
            session,
            in_flight: Semaphore::new(max_in_flight),
            max_in_flight,
            retry_for,
            closing: watch::Sender::new(false),
            running: Mutex::new(0),
            all_done: Condvar::new(),
        }
    }

    pub fn begin(&self) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }

    pub fn end(&self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        *running -= 1;
        if *running == 0 {
            self.all_done.notify_all();
        }
    }

    /// Answers what is under way, and all that comes later, with `cancelled`; returns when nothing is under way.
    pub fn close(&self) {
        self.closing.send_replace(true);
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        while *running > 0 {
            running = self
                .all_done
                .wait(running)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// What `work` comes to, or `cancelled` when the engine is closed before.
    async fn unless_closing<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let mut closing = self.closing.subscribe();
        tokio::select! {
            biased;
            _ = closing.wait_for(|closing| *closing) => Err(Failure::cancelled()),
            done = work => Ok(done),
        }
    }

    async fn run_one(&self, job: &Job, request: &Request) -> Answer {
        self.unless_closing(async {
            let _permit = self.in_flight.acquire().await;
            let deadline = Instant::now() + self.retry_for;
            let mut pause = FIRST_PAUSE;
            loop {
                let failure = match job.attempt(request, &self.session).await {
                    Ok(page) => return Ok(page),
                    Err(failure) => failure,
                };
                let again = failure.may_pass() && request.statement.text.idempotent;
                if !again || Instant::now() + pause > deadline {
                    return Err(failure);
                }
                tokio::time::sleep(spread(pause)).await;
                pause = LONGEST_PAUSE.min(pause * 2);
            }
        })
        .await
        .unwrap_or_else(Err)
    }

    /// The answers to all requests of the job, in their order.
    pub async fn run(self: Arc<Self>, job: Arc<Job>) -> Vec<Answer> {
        let count = job.requests.len();
        if count == 1 {
            return vec![self.run_one(&job, &job.requests[0]).await];
        }
        // A few workers that each take the next request, not a task for each request.
        let next = Arc::new(AtomicUsize::new(0));
        let workers: Vec<_> = (0..count.min(self.max_in_flight))
            .map(|_| {
                let (engine, job, next) = (self.clone(), job.clone(), next.clone());
                tokio::spawn(async move {
                    let mut answers = Vec::new();
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(request) = job.requests.get(index) else {
                            return answers;
                        };
                        answers.push((index, engine.run_one(&job, request).await));
                    }
                })
            })
            .collect();
        let mut answers = Vec::new();
        answers.resize_with(count, || {
            Err(Failure::new(
                Kind::Internal,
                "a panic in the Cassandra driver",
            ))
        });
        for worker in workers {
            // What a worker that panicked took is left as the failure that stands there.
            for (index, answer) in worker.await.unwrap_or_default() {
                answers[index] = answer;
            }
        }
        answers
    }
}

/// `pause` give or take a quarter, so that many that failed together do not come back together.
fn spread(pause: Duration) -> Duration {
    let nanos = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.subsec_nanos());
    pause.mul_f64(0.75 + f64::from(nanos % 1024) / 2048.0)
}
