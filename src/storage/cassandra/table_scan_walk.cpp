#include "storage/cassandra/table_scan_walk.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "storage/cassandra/key_cells.hpp"
#include "storage/cassandra/row_cells.hpp"
#include "storage/cassandra/scan_slices.hpp"

namespace bytebasket::storage {
namespace {

/// Rows asked for at a time, however long the page is: bounds what an answer holds.
constexpr std::size_t most_rows_at_once = 5000;

/// Reads until the page is full and one row more is seen, or the range ends. Keeps itself alive
/// through its callbacks.
class ScanWalk : public std::enable_shared_from_this<ScanWalk> {
 public:
  ScanWalk(CqlSession& session, TableStatements& statements, ScanRequest request,
           TableStore::ScanCallback done)
      : session_(session),
        statements_(statements),
        table_(schema::declaration_of(request.table)),
        request_(std::move(request)),
        limit_(std::max<std::size_t>(request_.limit, 1)),
        range_{request_.from, true, request_.until, request_.reverse},
        done_(std::move(done)) {}

  void start() {
    const bool is_empty = !request_.until.empty() && request_.until <= request_.from;
    if (is_empty || !is_partition(table_.partition, request_.partition) ||
        !append_key_cells(partition_cells_, table_.partition, request_.partition)) {
      done_(ScanPage());
      return;
    }
    cut();
  }

 private:
  void cut() {
    auto slices = slices_of(table_, range_);
    if (!slices) {
      done_(fail(std::move(slices).error()));
      return;
    }
    slices_ = std::move(*slices);
    next_slice_ = 0;
    read();
  }

  /// Asks for rows of the next slice.
  void read() {
    if (next_slice_ == slices_.size()) {
      finish();
      return;
    }
    const Slice& slice = slices_[next_slice_++];
    asked_ = std::min(limit_ + 1 - page_.rows.size(), most_rows_at_once);
    CqlRequests requests;
    requests.begin(statements_.slice(request_.table, slice.shape));
    requests.cells() += partition_cells_;
    requests.cells() += slice.cells;
    append_int_cell(requests.cells(), static_cast<std::int32_t>(asked_));
    requests.end_row();
    session_.run(requests, [self = shared_from_this()](const std::vector<CqlAnswer>& answers) {
      self->take(answers.front());
    });
  }

  void take(const CqlAnswer& answer) {
    if (!answer.status) {
      done_(fail(answer.status.error()));
      return;
    }
    CellReader cells = answer.cells;
    for (std::size_t i = 0; i < answer.rows; ++i) {
      last_ = take_key(table_.clustering, cells);
      auto row = take_row(cells);
      if (is_beyond(last_)) {
        finish();
        return;
      }
      if (row && !row->value.empty()) {
        page_.rows.push_back({last_, std::move(row->value), row->position});
      }
    }
    if (!cells.ok()) {
      done_(fail(ErrorCode::corrupt, "Cassandra's rows of table " + std::string(table_.name) +
                                         " do not have the declared columns"));
    } else if (page_.rows.size() > limit_) {
      finish();
    } else if (answer.rows < asked_) {
      read();
    } else {
      go_on_after_last();
    }
  }

  /// True for rows at the far end of a slice that lie outside of the range.
  [[nodiscard]] bool is_beyond(const std::string& clustering) const {
    if (request_.reverse) return clustering < request_.from;
    return !request_.until.empty() && clustering >= request_.until;
  }

  void go_on_after_last() {
    if (request_.reverse) {
      range_.until = last_;
    } else {
      range_.from = last_;
      range_.from_inclusive = false;
    }
    cut();
  }

  void finish() {
    if (page_.rows.size() > limit_) {
      // Backwards the next page ends where this one's last row stands, for `until` is exclusive.
      page_.next = request_.reverse ? page_.rows[limit_ - 1].clustering
                                    : std::move(page_.rows[limit_].clustering);
      page_.rows.resize(limit_);
    }
    done_(std::move(page_));
  }

  CqlSession& session_;
  TableStatements& statements_;
  const schema::TableDeclaration& table_;
  const ScanRequest request_;
  const std::size_t limit_;
  ScanRange range_;
  TableStore::ScanCallback done_;
  std::string partition_cells_;
  std::vector<Slice> slices_;
  std::size_t next_slice_ = 0;
  std::size_t asked_ = 0;
  std::string last_;
  ScanPage page_;
};

}  // namespace

void scan_partition(CqlSession& session, TableStatements& statements, ScanRequest request,
                    TableStore::ScanCallback done) {
  std::make_shared<ScanWalk>(session, statements, std::move(request), std::move(done))->start();
}

}  // namespace bytebasket::storage
