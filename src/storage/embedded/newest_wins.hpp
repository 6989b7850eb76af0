// The two rules of the position and of retention, as RocksDB applies them by itself.
#pragma once

#include <memory>

#include "base/time.hpp"

namespace rocksdb {
class CompactionFilterFactory;
class MergeOperator;
}  // namespace rocksdb

namespace bytebasket::storage {

/// Of several values written for a row, the one with the newest position is the row; of equal
/// positions the last. A write therefore needs no read: what has lost is dropped when the row is
/// read, and for good when files are merged.
std::shared_ptr<rocksdb::MergeOperator> newest_position_wins();

/// Drops rows that are expired by `clock`, which must outlive the database, when files are merged.
std::shared_ptr<rocksdb::CompactionFilterFactory> drop_expired_rows(const Clock& clock);

}  // namespace bytebasket::storage
