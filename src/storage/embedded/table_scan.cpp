#include "storage/embedded/table_scan.hpp"

#include <algorithm>
#include <memory>

#include <rocksdb/db.h>

#include "storage/embedded/row_codec.hpp"

namespace bytebasket::storage {
namespace {

/// Walks the shown rows of a range of keys in one direction.
class RowWalk {
 public:
  RowWalk(rocks::Database& database, const ScanRequest& request, Timestamp now)
      : database_(database),
        prefix_(row_key(request.table, request.partition, {})),
        begin_(prefix_ + request.from),
        end_(request.until.empty() ? end_of_prefix(prefix_) : prefix_ + request.until),
        begin_slice_(begin_),
        end_slice_(end_),
        reverse_(request.reverse),
        now_(now) {
    rocksdb::ReadOptions options;
    options.iterate_lower_bound = &begin_slice_;
    options.iterate_upper_bound = &end_slice_;
    at_.reset(database.db().NewIterator(options, database.family(0)));
    if (reverse_) {
      at_->SeekToLast();
    } else {
      at_->SeekToFirst();
    }
  }

  /// Moves on to the next row that is shown, from where the walk stands. nullopt at the end.
  Result<std::optional<RowValue>> next_shown() {
    for (; at_->Valid(); step()) {
      const auto row = decode_row(at_->value().ToStringView());
      if (!row) {
        return fail(ErrorCode::corrupt, "a stored row of table " +
                                            std::to_string(static_cast<unsigned char>(prefix_[0])) +
                                            " cannot be read");
      }
      if (row->is_shown(now_)) return row;
    }
    if (!at_->status().ok()) return fail(database_.error(at_->status(), "read"));
    return std::optional<RowValue>();
  }

  void step() {
    if (reverse_) {
      at_->Prev();
    } else {
      at_->Next();
    }
  }

  [[nodiscard]] std::string clustering() const {
    return std::string(at_->key().ToStringView().substr(prefix_.size()));
  }

 private:
  rocks::Database& database_;
  const std::string prefix_;
  const std::string begin_;
  const std::string end_;
  const rocksdb::Slice begin_slice_;
  const rocksdb::Slice end_slice_;
  const bool reverse_;
  const Timestamp now_;
  std::unique_ptr<rocksdb::Iterator> at_;
};

}  // namespace

Result<ScanPage> scan_page(rocks::Database& database, const ScanRequest& request, Timestamp now) {
  ScanPage page;
  if (!request.until.empty() && request.until <= request.from) return page;
  const std::size_t limit = std::max<std::size_t>(request.limit, 1);
  RowWalk walk(database, request, now);
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto row, walk.next_shown());
    if (!row) return page;
    if (page.rows.size() == limit) {
      // Backwards the page before ends where this one's last row stands, for `until` is exclusive.
      page.next = request.reverse ? page.rows.back().clustering : walk.clustering();
      return page;
    }
    page.rows.push_back({walk.clustering(), std::string(row->bytes), row->position});
    walk.step();
  }
}

}  // namespace bytebasket::storage
