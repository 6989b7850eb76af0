/* The Cassandra driver, a Rust crate, for src/storage/cassandra: the only C++ that includes this.
 *
 * Bound values and rows are CQL cells: a big-endian i32 length (-1 null, -2 unset), then that many bytes, one cell after
 * another. All functions are thread-safe but for bb_close. A callback comes from a thread of the driver, must not throw,
 * and may call bb_run and bb_answer only: the other functions wait for what the callback's own thread has to do.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct BbSession BbSession;
typedef struct BbStatement BbStatement;
typedef struct BbAnswers BbAnswers;

/* Bytes of the other side, which need not end with a zero. */
typedef struct {
  const char* data;
  size_t size;
} BbBytes;

/* Why a statement failed. */
enum BbKind {
  BB_OK = 0,
  BB_UNAVAILABLE = 1, /* no connection, too few replicas, overloaded */
  BB_TIMED_OUT = 2,   /* it may have happened */
  BB_INVALID = 3,
  BB_DENIED = 4,
  BB_CANCELLED = 5,
  BB_INTERNAL = 6
};

typedef struct {
  BbBytes contact_points; /* host:port,host:port */
  BbBytes keyspace;       /* whose replication is asked for, so that statements go to a node that holds their rows */
  BbBytes datacenter;     /* whose nodes are asked; empty: all */
  BbBytes user;           /* empty: no password is sent */
  BbBytes password;
  BbBytes ca_file;  /* PEM; the only authorities that are believed. Empty: the system's */
  BbBytes tls_name; /* the host name that every node's certificate must carry; empty: the address it is reached at */
  uint32_t threads;
  uint32_t connections; /* for each node */
  uint32_t max_in_flight;
  uint32_t connect_timeout_ms;
  uint32_t request_timeout_ms;
  uint32_t retry_for_ms; /* how long an idempotent statement is tried again */
  uint8_t tls;
  uint8_t compression;   /* LZ4 on the wire */
} BbOptions;

typedef struct {
  int32_t kind; /* BbKind */
  int32_t code; /* the error code of the protocol where a server said no, else 0 */
  char* text;
  size_t size;
} BbError;

/* Connects, and waits for it. Null with *error filled in, which bb_error_free releases. */
BbSession* bb_open(const BbOptions* options, BbError* error);
void bb_error_free(BbError* error);
/* Answers what is under way, and all that comes later, with BB_CANCELLED. Returns when no callback is running. */
void bb_cancel(const BbSession* session);
/* bb_cancel, and releases it. */
void bb_close(BbSession* session);

/* A statement, prepared when it is first run: no server is asked here. Consistencies are the protocol's codes. Without
 * `prepare` it takes no values and is given time for a change of the schema. */
BbStatement* bb_statement(BbBytes cql, uint8_t prepare, uint8_t idempotent, uint16_t consistency,
                          uint16_t serial_consistency);
void bb_statement_free(BbStatement* statement);

/* A statement with its row of values; or with more rows than one, which are one unlogged batch. */
typedef struct {
  const BbStatement* statement;
  size_t first_row;
  size_t rows;
  int32_t page_size;  /* rows of one page; 0: all in one answer */
  BbBytes page_start; /* next_page of the page before; empty: the first */
} BbRequest;

typedef void (*BbDone)(void* context, const BbAnswers* answers);

/* Starts all requests, of which at most max_in_flight of the session are on their way at a time. Row i of the values ends
 * at ends[i]. Everything is copied. `done` is called once, when all are answered; the answers live as long as it runs. */
void bb_run(const BbSession* session, const BbRequest* requests, size_t count, BbBytes values, const size_t* ends,
            size_t rows, BbDone done, void* context);

typedef struct {
  int32_t kind;
  int32_t code;
  BbBytes text;  /* why it failed */
  BbBytes cells; /* row by row */
  size_t rows;
  size_t columns;
  BbBytes next_page; /* empty: this was the last */
} BbAnswer;

void bb_answer(const BbAnswers* answers, size_t index, BbAnswer* out);

#ifdef __cplusplus
}
#endif
