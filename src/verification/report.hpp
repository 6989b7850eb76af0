// What `verify` found.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/position.hpp"
#include "base/time.hpp"
#include "storage/table_store.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::verification {

/// A record that changes a row.
struct EventBehind {
  Offset offset;
  Timestamp append_time;
  std::string message_id;  ///< empty for a control record
};

/// A row of the tables that is not what its events make of it.
struct Difference {
  enum class Kind : std::uint8_t {
    wrong_value,     ///< other bytes than the events make
    missing,         ///< the events make a row that is not there
    extra,           ///< no event makes this row
    wrong_position,  ///< newer than all that was processed, or of another epoch
  };

  Kind kind{};
  storage::RowKey key;
  std::optional<streams::TopicPartition> owner;
  std::string stored;      ///< empty: no such row
  std::string recomputed;  ///< empty: no such row
  std::optional<Position> stored_position;
  Position compared_at;  ///< up to which events were counted
  std::vector<EventBehind> events;
  bool more_events = false;  ///< further ones change the row too
};

struct TableReport {
  std::uint64_t compared = 0;
  std::uint64_t differing = 0;
  std::uint64_t not_comparable = 0;  ///< may be made of events before the horizon
};

struct PartitionReport {
  streams::TopicPartition where;
  Position compared_to;
  std::uint64_t events = 0;
  /// Where records from the beginning are gone: the oldest one that is left, and from which window
  /// on metrics of events can be compared.
  std::optional<Offset> horizon;
  Timestamp horizon_time;
};

struct Report {
  std::vector<PartitionReport> partitions;
  std::map<storage::TableId, TableReport> tables;
  std::uint64_t moved = 0;               ///< rows compared at a later position, for they moved on
  std::uint64_t moved_out_of_reach = 0;  ///< moved on, and too many to be kept: not compared
  std::vector<Difference> differences;   ///< the first ones
  std::uint64_t difference_count = 0;    ///< all of them

  [[nodiscard]] bool passed() const { return difference_count == 0; }
  [[nodiscard]] std::uint64_t compared() const;
};

std::string_view name_of(Difference::Kind kind);

std::string to_text(const Report& report);
std::string to_json(const Report& report);

}  // namespace bytebasket::verification
