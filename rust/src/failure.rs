//! What went wrong, sorted by what the C++ side can do about it.

use scylla::errors::{
    ConnectionError, ConnectionPoolError, ConnectionSetupRequestErrorKind, DbError, ExecutionError,
    MetadataError, NewSessionError, PrepareError, RequestAttemptError,
};

/// The numbers are those of `BbKind` in bytebasket_cql.h.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Unavailable = 1,
    TimedOut = 2,
    Invalid = 3,
    Denied = 4,
    Cancelled = 5,
    Internal = 6,
}

#[derive(Clone, Debug)]
pub struct Failure {
    pub kind: Kind,
    /// The error code of the CQL protocol, where a server said no; else 0.
    pub code: i32,
    pub text: String,
}

impl Failure {
    pub fn new(kind: Kind, text: impl Into<String>) -> Self {
        Failure {
            kind,
            code: 0,
            text: text.into(),
        }
    }

    pub fn cancelled() -> Self {
        Self::new(Kind::Cancelled, "the connection to Cassandra is closed")
    }

    /// Trying again may help, and does no harm if the statement is idempotent.
    pub fn may_pass(&self) -> bool {
        matches!(self.kind, Kind::Unavailable | Kind::TimedOut)
    }

    fn of_server(error: &DbError, text: String) -> Self {
        let kind = match error {
            DbError::SyntaxError
            | DbError::Invalid
            | DbError::ConfigError
            | DbError::AlreadyExists { .. } => Kind::Invalid,
            DbError::AuthenticationError | DbError::Unauthorized => Kind::Denied,
            DbError::ReadTimeout { .. } | DbError::WriteTimeout { .. } => Kind::TimedOut,
            // A replica that failed may have taken the write before; what is idempotent is tried again.
            DbError::Unavailable { .. }
            | DbError::Overloaded
            | DbError::IsBootstrapping
            | DbError::TruncateError
            | DbError::ReadFailure { .. }
            | DbError::WriteFailure { .. }
            | DbError::ServerError => Kind::Unavailable,
            _ => Kind::Internal,
        };
        Failure {
            kind,
            code: error.code(&Default::default()),
            text,
        }
    }

    fn of_connection(error: &ConnectionError, text: String) -> Self {
        if let ConnectionError::ConnectionSetupRequestError(setup) = error {
            if let ConnectionSetupRequestErrorKind::DbError(said, _) = &setup.error {
                return Self::of_server(said, text);
            }
        }
        Self::new(Kind::Unavailable, text)
    }

    fn of_pool(error: &ConnectionPoolError, text: String) -> Self {
        match error {
            ConnectionPoolError::Broken {
                last_connection_error,
            } => Self::of_connection(last_connection_error, text),
            _ => Self::new(Kind::Unavailable, text),
        }
    }

    fn of_attempt(error: &RequestAttemptError, text: String) -> Self {
        match error {
            RequestAttemptError::DbError(said, _) => Self::of_server(said, text),
            RequestAttemptError::BrokenConnectionError(_)
            | RequestAttemptError::UnableToAllocStreamId => Self::new(Kind::Unavailable, text),
            RequestAttemptError::SerializationError(_)
            | RequestAttemptError::CqlRequestSerialization(_) => Self::new(Kind::Invalid, text),
            _ => Self::new(Kind::Internal, text),
        }
    }
}

impl From<PrepareError> for Failure {
    fn from(error: PrepareError) -> Self {
        let text = error.to_string();
        match &error {
            PrepareError::ConnectionPoolError(_) => Self::new(Kind::Unavailable, text),
            PrepareError::AllAttemptsFailed { first_attempt } => {
                Self::of_attempt(first_attempt, text)
            }
            _ => Self::new(Kind::Internal, text),
        }
    }
}

impl From<ExecutionError> for Failure {
    fn from(error: ExecutionError) -> Self {
        let text = error.to_string();
        match &error {
            ExecutionError::LastAttemptError(attempt) => Self::of_attempt(attempt, text),
            // A node that let us in before and does not now, as while it starts, may do so again.
            ExecutionError::ConnectionPoolError(_) | ExecutionError::EmptyPlan => {
                Self::new(Kind::Unavailable, text)
            }
            ExecutionError::RequestTimeout(_) => Self::new(Kind::TimedOut, text),
            ExecutionError::BadQuery(_) => Self::new(Kind::Invalid, text),
            ExecutionError::PrepareError(prepare) => prepare.clone().into(),
            _ => Self::new(Kind::Internal, text),
        }
    }
}

impl From<NewSessionError> for Failure {
    fn from(error: NewSessionError) -> Self {
        let text = error.to_string();
        match &error {
            NewSessionError::MetadataError(MetadataError::ConnectionPoolError(pool)) => {
                Self::of_pool(pool, text)
            }
            NewSessionError::EmptyKnownNodesList => Self::new(Kind::Invalid, text),
            _ => Self::new(Kind::Unavailable, text),
        }
    }
}

impl From<openssl::error::ErrorStack> for Failure {
    fn from(error: openssl::error::ErrorStack) -> Self {
        Self::new(Kind::Invalid, format!("TLS: {error}"))
    }
}
