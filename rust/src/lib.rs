//! The Cassandra driver (crate `scylla`) under the C interface of include/bytebasket_cql.h, which says what each
//! function is for. No panic leaves this crate, and nothing that a callback may call blocks.

mod cells;
mod connect;
mod failure;
mod interface;
mod run;

use std::ffi::c_void;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::Arc;
use std::time::Duration;

use scylla::statement::{Consistency, SerialConsistency};
use tokio::runtime::Runtime;

use failure::{Failure, Kind};
use interface::{BbAnswer, BbBytes, BbError, BbOptions, BbRequest};
use run::{Answer, CqlStatement, Engine, Job, Request, StatementText};

/// How long the driver's own tasks may take to end.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

pub struct BbSession {
    runtime: Option<Runtime>,
    engine: Arc<Engine>,
}
pub struct BbStatement(Arc<CqlStatement>);
pub struct BbAnswers(Vec<Answer>);

type BbDone = extern "C" fn(context: *mut c_void, answers: *const BbAnswers);

fn panicked() -> Failure {
    Failure::new(Kind::Internal, "a panic in the Cassandra driver")
}

fn milliseconds(count: u32) -> Duration {
    Duration::from_millis(u64::from(count.max(1)))
}

/// # Safety
/// `options` must be filled in.
unsafe fn open(options: &BbOptions) -> Result<BbSession, Failure> {
    let settings = connect::Settings {
        contact_points: options
            .contact_points
            .text()
            .split(',')
            .map(|point| point.trim().to_owned())
            .collect(),
        keyspace: options.keyspace.text(),
        datacenter: options.datacenter.text(),
        user: options.user.text(),
        password: options.password.text(),
        tls: options.tls != 0,
        ca_file: options.ca_file.text(),
        tls_name: options.tls_name.text(),
        connections: options.connections as usize,
        connect_timeout: milliseconds(options.connect_timeout_ms),
        request_timeout: milliseconds(options.request_timeout_ms),
        compression: options.compression != 0,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(options.threads.max(1) as usize)
        .thread_name("cassandra")
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Kind::Internal, format!("no threads: {error}")))?;
    let session = runtime.block_on(connect::connect(&settings))?;
    let engine = Engine::new(
        session,
        options.max_in_flight.max(1) as usize,
        Duration::from_millis(u64::from(options.retry_for_ms)),
    );
    Ok(BbSession {
        runtime: Some(runtime),
        engine: Arc::new(engine),
    })
}

/// # Safety
/// `options` must be filled in and `error` zeroed; not from a callback.
#[no_mangle]
pub unsafe extern "C" fn bb_open(options: *const BbOptions, error: *mut BbError) -> *mut BbSession {
    let opened = catch_unwind(AssertUnwindSafe(|| open(&*options)));
    match opened.unwrap_or_else(|_| Err(panicked())) {
        Ok(session) => Box::into_raw(Box::new(session)),
        Err(failure) => {
            let text = failure.text.into_bytes().into_boxed_slice();
            (*error).kind = failure.kind as i32;
            (*error).code = failure.code;
            (*error).size = text.len();
            (*error).text = Box::into_raw(text).cast();
            std::ptr::null_mut()
        }
    }
}

/// # Safety
/// `error` must have been given to bb_open.
#[no_mangle]
pub unsafe extern "C" fn bb_error_free(error: *mut BbError) {
    if !(*error).text.is_null() {
        drop(Box::from_raw(std::ptr::slice_from_raw_parts_mut(
            (*error).text,
            (*error).size,
        )));
        (*error).text = std::ptr::null_mut();
    }
}

/// # Safety
/// `session` must be open; not from a callback.
#[no_mangle]
pub unsafe extern "C" fn bb_cancel(session: *const BbSession) {
    let _ = catch_unwind(AssertUnwindSafe(|| (*session).engine.close()));
}

/// # Safety
/// `session` must come from bb_open and not be used any more; not from a callback.
#[no_mangle]
pub unsafe extern "C" fn bb_close(session: *mut BbSession) {
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let mut session = Box::from_raw(session);
        session.engine.close();
        if let Some(runtime) = session.runtime.take() {
            drop(session);
            runtime.shutdown_timeout(SHUTDOWN_TIMEOUT);
        }
    }));
}

/// # Safety
/// `cql` must be UTF-8 bytes.
#[no_mangle]
pub unsafe extern "C" fn bb_statement(
    cql: BbBytes,
    prepare: u8,
    idempotent: u8,
    consistency: u16,
    serial_consistency: u16,
) -> *mut BbStatement {
    let make = || {
        // Codes of the protocol that are none come from no caller of ours.
        BbStatement(Arc::new(CqlStatement::new(StatementText {
            cql: cql.text(),
            prepare: prepare != 0,
            idempotent: idempotent != 0,
            consistency: Consistency::try_from(consistency).unwrap_or(Consistency::LocalQuorum),
            serial_consistency: i16::try_from(serial_consistency)
                .ok()
                .and_then(|code| SerialConsistency::try_from(code).ok()),
        })))
    };
    catch_unwind(AssertUnwindSafe(make))
        .map_or(std::ptr::null_mut(), |made| Box::into_raw(Box::new(made)))
}

/// # Safety
/// `statement` must come from bb_statement, or be null.
#[no_mangle]
pub unsafe extern "C" fn bb_statement_free(statement: *mut BbStatement) {
    if !statement.is_null() {
        drop(Box::from_raw(statement));
    }
}

/// Calls back exactly once, whatever becomes of the task that holds it.
struct Completion {
    engine: Arc<Engine>,
    done: BbDone,
    context: *mut c_void,
    requests: usize,
    answers: Option<Vec<Answer>>,
}
// The context is the caller's, who says that the callback may come from any thread.
unsafe impl Send for Completion {}

impl Completion {
    fn answer(mut self, answers: Vec<Answer>) {
        self.answers = Some(answers);
    }
}

impl Drop for Completion {
    fn drop(&mut self) {
        let failed = || (0..self.requests).map(|_| Err(panicked())).collect();
        let answers = BbAnswers(self.answers.take().unwrap_or_else(failed));
        (self.done)(self.context, &answers);
        drop(answers);
        self.engine.end();
    }
}

/// # Safety
/// As of bb_run.
unsafe fn job_of(
    requests: *const BbRequest,
    count: usize,
    values: BbBytes,
    ends: *const usize,
    rows: usize,
) -> Job {
    let slice_of = |at: *const usize, size| match size {
        0 => &[][..],
        size => std::slice::from_raw_parts(at, size),
    };
    let requests = (0..count).map(|index| {
        let request = &*requests.add(index);
        assert!(
            !request.statement.is_null(),
            "a statement that was not made"
        );
        Request {
            statement: (*request.statement).0.clone(),
            first_row: request.first_row,
            rows: request.rows,
            page_size: request.page_size,
            page_start: request.page_start.slice().to_vec(),
        }
    });
    Job {
        requests: requests.collect(),
        values: values.slice().to_vec(),
        ends: slice_of(ends, rows).to_vec(),
    }
}

/// # Safety
/// `session` must be open; `requests`, `values` and `ends` must hold what their counts say.
#[no_mangle]
pub unsafe extern "C" fn bb_run(
    session: *const BbSession,
    requests: *const BbRequest,
    count: usize,
    values: BbBytes,
    ends: *const usize,
    rows: usize,
    done: BbDone,
    context: *mut c_void,
) {
    let session = &*session;
    session.engine.begin();
    let completion = Completion {
        engine: session.engine.clone(),
        done,
        context,
        requests: count,
        answers: None,
    };
    // A panic drops the completion, which then answers.
    let _ = catch_unwind(AssertUnwindSafe(move || {
        let job = Arc::new(job_of(requests, count, values, ends, rows));
        if let Some(runtime) = &session.runtime {
            runtime.spawn(async move {
                let answers = completion.engine.clone().run(job).await;
                completion.answer(answers);
            });
        }
    }));
}

/// # Safety
/// `answers` must be those of the callback that is running, `index` less than the number of its requests.
#[no_mangle]
pub unsafe extern "C" fn bb_answer(answers: *const BbAnswers, index: usize, out: *mut BbAnswer) {
    let answers: &Vec<Answer> = &(*answers).0;
    let none = BbBytes::of(&[]);
    let missing = Err(Failure::new(Kind::Internal, ""));
    *out = match answers.get(index).unwrap_or(&missing) {
        Ok(page) => BbAnswer {
            kind: 0,
            code: 0,
            text: none,
            cells: BbBytes::of(&page.cells),
            rows: page.rows,
            columns: page.columns,
            next_page: BbBytes::of(&page.next),
        },
        Err(failure) => BbAnswer {
            kind: failure.kind as i32,
            code: failure.code,
            // Of a missing answer it is empty, and so points nowhere.
            text: BbBytes::of(failure.text.as_bytes()),
            cells: none,
            rows: 0,
            columns: 0,
            next_page: none,
        },
    };
}
