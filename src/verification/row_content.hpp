// What a row says, apart from its bytes: whether two rows say the same, and how to show it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "processors/metric_rows.hpp"
#include "storage/table_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::verification {

/// True for rows that say how far the work is and how it was cut, not what came of it: intents of
/// flushes, marks of metric rows, and what other jobs note.
bool is_bookkeeping(const storage::RowKey& key);

/// True where both say the same; an empty value is a row that is emptied or never was. A metric row
/// whose changes add up to nothing is as good as none: where the log is cut elsewhere it is never
/// written.
bool same_content(const storage::RowKey& key, std::string_view stored, std::string_view recomputed);

/// The partition whose runner writes the row, where the key says so.
std::optional<streams::TopicPartition> owner_of(const storage::RowKey& key);

/// The whole value for people and programs: an aggregate by its number, JSON as it is, other bytes
/// in hexadecimal; `none` where there is none.
std::string describe_value(const storage::RowKey& key, std::string_view value);

/// Two values that differ, cut to the part where they begin to.
struct TwoValues {
  std::string stored;
  std::string recomputed;
};
TwoValues describe_difference(const storage::RowKey& key, std::string_view stored,
                              std::string_view recomputed);

/// `metric=revenue grain=1h …`
std::string describe_key(const storage::RowKey& key);

}  // namespace bytebasket::verification
