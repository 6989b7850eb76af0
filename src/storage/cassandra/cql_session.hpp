// A connection to Cassandra: statements that run many at a time. The driver is a Rust crate (rust/)
// under a C interface, which only the .cpp knows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "storage/cassandra/cassandra_options.hpp"
#include "storage/cassandra/cql_cells.hpp"

struct BbStatement;

namespace bytebasket::storage {

/// How a statement is run.
struct CqlMode {
  std::uint16_t consistency = 0;         ///< as the protocol numbers it
  std::uint16_t serial_consistency = 0;  ///< of a compare-and-set
  bool idempotent = true;                ///< tried again after a failure that may pass
  bool prepared = true;                  ///< false for changes of the schema, which take no values
};

/// Prepared when it is first run, and again by itself when a server forgot it. Thread-safe.
class CqlStatement {
 public:
  CqlStatement(std::string_view cql, const CqlMode& mode);

 private:
  friend class CqlRequests;
  struct Free {
    void operator()(BbStatement* statement) const;
  };
  std::unique_ptr<BbStatement, Free> statement_;
};

/// Statements with their values, to be run together.
class CqlRequests {
 public:
  /// Begins a request; end each of its rows of values. More rows than one become one batch. The
  /// statement must live until the requests are handed to run().
  void begin(const CqlStatement& statement);
  /// Begins a request whose answer comes in pages; `start` is `next_page` of the page before.
  void begin_page(const CqlStatement& statement, std::int32_t rows, std::string start);
  /// Where the cells of the present row are appended.
  std::string& cells() { return cells_; }
  void end_row();

  [[nodiscard]] std::size_t size() const { return requests_.size(); }

 private:
  friend class CqlSession;
  struct Request {
    const BbStatement* statement;
    std::size_t first_row;
    std::size_t rows;
    std::int32_t page_rows;
    std::string page_start;
  };
  std::vector<Request> requests_;
  std::string cells_;
  std::vector<std::size_t> ends_;
};

/// What a request came to. Views live as long as the callback that is given them.
struct CqlAnswer {
  Status status;
  CellReader cells;
  std::size_t rows = 0;
  std::string_view next_page;  ///< empty: this was the last
};

/// Thread-safe.
class CqlSession {
 public:
  using Done = std::function<void(std::vector<CqlAnswer>)>;

  /// Connects: `permission_denied` for a wrong password, `unavailable` where no node answers or
  /// none has a certificate that is believed.
  static Result<std::unique_ptr<CqlSession>> open(const CassandraOptions& options);
  /// Not from a callback.
  ~CqlSession();
  CqlSession(const CqlSession&) = delete;
  CqlSession& operator=(const CqlSession&) = delete;

  /// Runs all; `done` is called once, from a thread of the driver, with the answers in order.
  void run(const CqlRequests& requests, Done done);
  /// The same, waiting for the one answer of a statement without values. Rows are copied.
  struct Rows {
    std::string cells;
    std::size_t rows = 0;
    [[nodiscard]] CellReader reader() const { return CellReader(cells); }
  };
  Result<Rows> run_now(const CqlRequests& request);
  Result<Rows> query_now(std::string_view cql, const CqlMode& mode);

  /// Answers what is under way, and all that comes later, with `cancelled`. Not from a callback.
  void cancel();

 private:
  struct Handle;
  explicit CqlSession(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

}  // namespace bytebasket::storage
