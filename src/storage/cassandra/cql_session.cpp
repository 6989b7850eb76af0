#include "storage/cassandra/cql_session.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include <bytebasket_cql.h>

namespace bytebasket::storage {
namespace {

BbBytes bytes_of(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view_of(BbBytes bytes) { return {bytes.data, bytes.size}; }

ErrorCode code_of(std::int32_t kind) {
  switch (kind) {
    case BB_UNAVAILABLE:
      return ErrorCode::unavailable;
    case BB_TIMED_OUT:
      return ErrorCode::timed_out;
    case BB_INVALID:
      return ErrorCode::invalid_argument;
    case BB_DENIED:
      return ErrorCode::permission_denied;
    case BB_CANCELLED:
      return ErrorCode::cancelled;
    default:
      return ErrorCode::internal;
  }
}

Error error_of(std::int32_t kind, std::string_view text) {
  return {code_of(kind), "Cassandra: " + std::string(text)};
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ",") + text;
  return all;
}

CqlAnswer answer_of(const BbAnswers* answers, std::size_t index) {
  BbAnswer answer{};
  bb_answer(answers, index, &answer);
  if (answer.kind != BB_OK)
    return {fail(error_of(answer.kind, view_of(answer.text))), CellReader(), 0, {}};
  return {ok(), CellReader(view_of(answer.cells)), answer.rows, view_of(answer.next_page)};
}

/// What waits for the answers of one run.
struct Waiting {
  std::size_t requests;
  CqlSession::Done done;
};

void on_answers(void* context, const BbAnswers* answers) noexcept {
  const std::unique_ptr<Waiting> waiting(static_cast<Waiting*>(context));
  std::vector<CqlAnswer> all;
  all.reserve(waiting->requests);
  for (std::size_t i = 0; i < waiting->requests; ++i) all.push_back(answer_of(answers, i));
  waiting->done(std::move(all));
}

std::uint32_t milliseconds(Milliseconds duration) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(duration.count(), 0, UINT32_MAX));
}

}  // namespace

void CqlStatement::Free::operator()(BbStatement* statement) const { bb_statement_free(statement); }

CqlStatement::CqlStatement(std::string_view cql, const CqlMode& mode)
    : statement_(bb_statement(bytes_of(cql), mode.prepared ? 1 : 0, mode.idempotent ? 1 : 0,
                              mode.consistency, mode.serial_consistency)) {}

void CqlRequests::begin(const CqlStatement& statement) {
  requests_.push_back({statement.statement_.get(), ends_.size(), 0, 0, {}});
}

void CqlRequests::begin_page(const CqlStatement& statement, std::int32_t rows, std::string start) {
  requests_.push_back({statement.statement_.get(), ends_.size(), 0, rows, std::move(start)});
}

void CqlRequests::end_row() {
  ++requests_.back().rows;
  ends_.push_back(cells_.size());
}

struct CqlSession::Handle {
  struct Close {
    void operator()(BbSession* opened) const { bb_close(opened); }
  };
  std::unique_ptr<BbSession, Close> session;
};

Result<std::unique_ptr<CqlSession>> CqlSession::open(const CassandraOptions& options) {
  const std::string contact_points = joined(options.contact_points);
  const BbOptions given{.contact_points = bytes_of(contact_points),
                        .keyspace = bytes_of(options.keyspace),
                        .datacenter = bytes_of(options.datacenter),
                        .user = bytes_of(options.user),
                        .password = bytes_of(options.password),
                        .ca_file = bytes_of(options.ca_file),
                        .tls_name = bytes_of(options.tls_name),
                        .threads = options.threads,
                        .connections = options.connections,
                        .max_in_flight = options.max_in_flight,
                        .connect_timeout_ms = milliseconds(options.connect_timeout),
                        .request_timeout_ms = milliseconds(options.request_timeout),
                        .retry_for_ms = milliseconds(options.retry_for),
                        .tls = static_cast<std::uint8_t>(options.tls ? 1 : 0),
                        .compression = static_cast<std::uint8_t>(options.compression ? 1 : 0)};
  BbError error{};
  auto handle = std::make_unique<Handle>();
  handle->session.reset(bb_open(&given, &error));
  if (handle->session == nullptr) {
    const Error failed = error_of(error.kind, {error.text, error.size});
    bb_error_free(&error);
    return fail(failed.within("cannot connect to " + contact_points));
  }
  return std::unique_ptr<CqlSession>(new CqlSession(std::move(handle)));
}

CqlSession::CqlSession(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}

CqlSession::~CqlSession() = default;

void CqlSession::run(const CqlRequests& requests, Done done) {
  std::vector<BbRequest> given;
  given.reserve(requests.requests_.size());
  for (const auto& request : requests.requests_) {
    given.push_back({request.statement, request.first_row, request.rows, request.page_rows,
                     bytes_of(request.page_start)});
  }
  auto waiting = std::make_unique<Waiting>(Waiting{given.size(), std::move(done)});
  bb_run(handle_->session.get(), given.data(), given.size(), bytes_of(requests.cells_),
         requests.ends_.data(), requests.ends_.size(), on_answers, waiting.release());
}

Result<CqlSession::Rows> CqlSession::run_now(const CqlRequests& request) {
  auto promise = std::make_shared<std::promise<Result<Rows>>>();
  auto answer = promise->get_future();
  run(request, [promise](const std::vector<CqlAnswer>& answers) {
    const CqlAnswer& only = answers.front();
    if (!only.status) {
      promise->set_value(fail(only.status.error()));
    } else {
      promise->set_value(Rows{std::string(only.cells.rest()), only.rows});
    }
  });
  return answer.get();
}

Result<CqlSession::Rows> CqlSession::query_now(std::string_view cql, const CqlMode& mode) {
  const CqlStatement statement(cql, mode);
  CqlRequests request;
  request.begin(statement);
  request.end_row();
  return run_now(request);
}

void CqlSession::cancel() { bb_cancel(handle_->session.get()); }

}  // namespace bytebasket::storage
