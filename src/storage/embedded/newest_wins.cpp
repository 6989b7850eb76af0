#include "storage/embedded/newest_wins.hpp"

#include <string>

#include <rocksdb/compaction_filter.h>
#include <rocksdb/merge_operator.h>

#include "storage/embedded/row_codec.hpp"

namespace bytebasket::storage {
namespace {

/// The winner so far, while values are looked at from the oldest write to the newest.
class Contest {
 public:
  /// False when `stored` is no stored value.
  bool enter(const rocksdb::Slice& stored) {
    const auto row = decode_row(stored.ToStringView());
    if (!row) return false;
    if (empty_ || row->position >= position_) {
      winner_ = stored;
      position_ = row->position;
      empty_ = false;
    }
    return true;
  }

  [[nodiscard]] const rocksdb::Slice& winner() const { return winner_; }

 private:
  rocksdb::Slice winner_;
  Position position_;
  bool empty_ = true;
};

class NewestPositionWins final : public rocksdb::MergeOperator {
 public:
  bool FullMergeV2(const MergeOperationInput& in, MergeOperationOutput* out) const override {
    Contest contest;
    if (in.existing_value != nullptr && !contest.enter(*in.existing_value)) return false;
    for (const rocksdb::Slice& operand : in.operand_list) {
      if (!contest.enter(operand)) return false;
    }
    out->existing_operand = contest.winner();
    return true;
  }

  bool PartialMerge(const rocksdb::Slice& /*key*/, const rocksdb::Slice& left,
                    const rocksdb::Slice& right, std::string* merged,
                    rocksdb::Logger* /*logger*/) const override {
    Contest contest;
    if (!contest.enter(left) || !contest.enter(right)) return false;
    merged->assign(contest.winner().data(), contest.winner().size());
    return true;
  }

  const char* Name() const override { return "bytebasket.NewestPositionWins"; }
};

class DropExpired final : public rocksdb::CompactionFilter {
 public:
  explicit DropExpired(Timestamp now) : now_(now) {}

  // RocksDB asks this for whole rows only. A value that may still have an older one beneath it is
  // kept: dropping it would bring the older one back.
  bool Filter(int /*level*/, const rocksdb::Slice& /*key*/, const rocksdb::Slice& stored,
              std::string* /*new_value*/, bool* /*value_changed*/) const override {
    const auto row = decode_row(stored.ToStringView());
    return row && row->expires_at && *row->expires_at <= now_;
  }

  const char* Name() const override { return "bytebasket.DropExpired"; }

 private:
  const Timestamp now_;
};

class DropExpiredFactory final : public rocksdb::CompactionFilterFactory {
 public:
  explicit DropExpiredFactory(const Clock& clock) : clock_(clock) {}

  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context& /*context*/) override {
    return std::make_unique<DropExpired>(clock_.now());
  }

  const char* Name() const override { return "bytebasket.DropExpiredFactory"; }

 private:
  const Clock& clock_;
};

}  // namespace

std::shared_ptr<rocksdb::MergeOperator> newest_position_wins() {
  return std::make_shared<NewestPositionWins>();
}

std::shared_ptr<rocksdb::CompactionFilterFactory> drop_expired_rows(const Clock& clock) {
  return std::make_shared<DropExpiredFactory>(clock);
}

}  // namespace bytebasket::storage
