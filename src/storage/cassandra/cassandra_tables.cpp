#include "storage/cassandra/cassandra_tables.hpp"

#include <algorithm>
#include <utility>

#include "storage/cassandra/cassandra_schema.hpp"
#include "storage/cassandra/key_cells.hpp"
#include "storage/cassandra/row_cells.hpp"
#include "storage/cassandra/table_lookups.hpp"
#include "storage/cassandra/table_scan_walk.hpp"
#include "storage/cassandra/table_statements.hpp"
#include "storage/cassandra/table_upserts.hpp"

namespace bytebasket::storage {
namespace {

/// The first failure among the answers. A write is over only when all of it is.
Status all_done(const std::vector<CqlAnswer>& answers) {
  for (const CqlAnswer& answer : answers) BB_RETURN_IF_ERROR(answer.status);
  return ok();
}

/// Rows of an enumeration asked for at a time: bounds what an answer holds.
constexpr std::uint32_t most_rows_in_page = 5000;

Result<EnumerationPage> page_of(const CqlAnswer& answer, TableId id) {
  BB_RETURN_IF_ERROR(answer.status);
  const auto& table = schema::declaration_of(id);
  EnumerationPage page;
  CellReader cells = answer.cells;
  for (std::size_t i = 0; i < answer.rows; ++i) {
    RowKey key{id, take_key(table.partition, cells), {}};
    key.clustering = take_key(table.clustering, cells);
    auto row = take_row(cells);
    if (row) page.rows.push_back({std::move(key), std::move(row->value), row->position});
  }
  if (!cells.ok()) return fail(ErrorCode::corrupt, "an answer of Cassandra cannot be read");
  if (!answer.next_page.empty()) page.next = std::string(answer.next_page);
  return page;
}

}  // namespace

Result<std::unique_ptr<CassandraTables>> CassandraTables::open(const CassandraOptions& options,
                                                               const Clock* clock) {
  BB_RETURN_IF_ERROR(check_keyspace_name(options.keyspace));
  BB_ASSIGN_OR_RETURN(auto session, CqlSession::open(options));
  BB_RETURN_IF_ERROR(check_schema(*session, options));
  return std::unique_ptr<CassandraTables>(new CassandraTables(std::move(session), options, clock));
}

CassandraTables::CassandraTables(std::unique_ptr<CqlSession> session,
                                 const CassandraOptions& options, const Clock* clock)
    : clock_(clock != nullptr ? *clock : system_clock_),
      statements_(std::make_unique<TableStatements>(options)),
      session_(std::move(session)) {}

CassandraTables::~CassandraTables() { close(); }

Status CassandraTables::check_open() const {
  if (closed_) return fail(ErrorCode::cancelled, "the table store is closed");
  return ok();
}

void CassandraTables::write(std::vector<Mutation> mutations, WriteCallback done) {
  if (auto open = check_open(); !open) return done(std::move(open));
  const auto requests = upserts_of(std::move(mutations), *statements_, clock_.now());
  if (!requests) return done(fail(requests.error()));
  if (requests->size() == 0) return done(ok());
  session_->run(*requests, [done = std::move(done)](const std::vector<CqlAnswer>& answers) {
    done(all_done(answers));
  });
}

void CassandraTables::get(std::vector<RowKey> keys, GetCallback done) {
  if (auto open = check_open(); !open) return done(fail(open.error()));
  const auto lookups = std::make_shared<TableLookups>(std::move(keys), *statements_);
  if (lookups->requests().size() == 0) return done(lookups->rows({}));
  session_->run(lookups->requests(),
                [lookups, done = std::move(done)](const std::vector<CqlAnswer>& answers) {
                  done(lookups->rows(answers));
                });
}

void CassandraTables::scan(ScanRequest request, ScanCallback done) {
  if (auto open = check_open(); !open) return done(fail(open.error()));
  scan_partition(*session_, *statements_, std::move(request), std::move(done));
}

void CassandraTables::enumerate(EnumerationRequest request, EnumerateCallback done) {
  if (auto open = check_open(); !open) return done(fail(open.error()));
  CqlRequests requests;
  requests.begin_page(statements_->everything(request.table),
                      static_cast<std::int32_t>(std::clamp(request.limit, 1U, most_rows_in_page)),
                      std::move(request.from));
  requests.end_row();
  session_->run(requests, [table = request.table,
                           done = std::move(done)](const std::vector<CqlAnswer>& answers) {
    done(page_of(answers.front(), table));
  });
}

void CassandraTables::compare_and_set(RowKey key, std::optional<std::string> expected,
                                      std::string value, SwapCallback done) {
  if (auto open = check_open(); !open) return done(fail(open.error()));
  if (auto guarded = check_guarded(key); !guarded) return done(fail(guarded.error()));
  const auto& table = schema::declaration_of(key.table);
  CqlRequests request;
  request.begin(statements_->compare_and_set(key.table));
  // An emptied row is none: both are null here.
  value.empty() ? append_null_cell(request.cells()) : append_cell(request.cells(), value);
  if (!is_partition(table.partition, key.partition) ||
      !append_key_cells(request.cells(), table.partition, key.partition) ||
      !append_key_cells(request.cells(), table.clustering, key.clustering)) {
    return done(fail(ErrorCode::invalid_argument, "a guarded row has a key that is none"));
  }
  expected ? append_cell(request.cells(), *expected) : append_null_cell(request.cells());
  request.end_row();
  session_->run(request, [done = std::move(done)](const std::vector<CqlAnswer>& answers) {
    const CqlAnswer& answer = answers.front();
    if (!answer.status) return done(fail(answer.status.error()));
    CellReader cells = answer.cells;
    const bool applied = cells.take_integer() != 0;
    if (answer.rows == 0 || !cells.ok()) {
      return done(fail(ErrorCode::corrupt, "Cassandra did not say whether it set the row"));
    }
    done(applied);
  });
}

Status CassandraTables::sync() { return check_open(); }

Status CassandraTables::compact() { return check_open(); }

void CassandraTables::close() {
  if (!closed_.exchange(true)) session_->cancel();
}

}  // namespace bytebasket::storage
