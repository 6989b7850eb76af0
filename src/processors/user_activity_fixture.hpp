// What the tests of the user activity processor share: events made by hand, a store in memory, and
// a ledger of facts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "processors/user_activity_processor.hpp"

namespace bytebasket::processors::testing {

inline constexpr std::int64_t minute = 60'000;
inline constexpr std::int64_t day_ms = 86'400'000;
inline const Timestamp noon = timestamp_from_ms(20'000 * day_ms + 12 * 60 * minute);

/// What facts add up to: (kind, time, visitor, what they say) → sum of weights. Facts that were
/// taken back are gone.
class FactLedger final : public metrics::FactSink {
 public:
  void add(const metrics::Fact& fact) override {
    std::string says;
    for (const auto& dimension : fact.dimensions) says.append(dimension).append("|");
    for (const auto& field : fact.fields)
      says.append(field ? std::to_string(*field) : "-").append("|");
    auto& weight = sums_[{fact.kind, to_ms(fact.time), std::string(fact.visitor), says}];
    weight += fact.weight;
    if (weight == 0) sums_.erase({fact.kind, to_ms(fact.time), std::string(fact.visitor), says});
  }

  std::int64_t count(metrics::FactKind kind) const {
    std::int64_t count = 0;
    for (const auto& [key, weight] : sums_) {
      if (std::get<0>(key) == kind) count += weight;
    }
    return count;
  }

  bool operator==(const FactLedger& other) const { return sums_ == other.sums_; }

 private:
  std::map<std::tuple<metrics::FactKind, std::int64_t, std::string, std::string>, std::int64_t>
      sums_;
};

/// A table store without I/O.
class Rows {
 public:
  std::optional<storage::StoredRow> get(const storage::RowKey& key) const {
    const auto found = rows_.find(key);
    if (found == rows_.end() || found->second.value.empty()) return std::nullopt;
    return found->second;
  }
  void put(const storage::Mutation& mutation) {
    auto& row = rows_[mutation.key];
    if (row.position > mutation.position) return;
    row = {mutation.key.clustering, mutation.value, mutation.position};
  }
  std::map<storage::RowKey, std::string> values() const {
    std::map<storage::RowKey, std::string> values;
    for (const auto& [key, row] : rows_) {
      if (!row.value.empty()) values[key] = row.value;
    }
    return values;
  }

 private:
  std::map<storage::RowKey, storage::StoredRow> rows_;
};

/// An event that owns its texts.
struct Draft {
  std::string visitor = "v1";
  std::string id;
  Timestamp time = noon;
  events::EventKind kind = events::EventKind::product_viewed;
  std::string session_id;
  std::string cart_id;
  std::string order_id;
  std::optional<Timestamp> received;  ///< of an event that says no time of its own
};

inline events::Event event_of(const Draft& draft) {
  events::Event event;
  event.kind = draft.kind;
  event.name = schema::name_of(draft.kind);
  event.anonymous_id = draft.visitor;
  event.message_id = draft.id;
  event.time = event.original_time = draft.received.value_or(draft.time);
  event.has_original_time = !draft.received;
  event.session_id = draft.session_id;
  event.cart_id = draft.cart_id;
  event.order_id = draft.order_id;
  event.country = draft.id.size() % 2 == 0 ? "DE" : "GB";
  return event;
}

class Replay {
 public:
  explicit Replay(Rows& rows) : rows_(rows) {}

  /// Applies drafts at the offsets from `first` on, as one batch.
  void apply(std::span<const Draft> drafts, std::int64_t first) {
    std::vector<LoggedEvent> batch;
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      const Position position{Epoch(1), Offset(first + static_cast<std::int64_t>(i))};
      batch.push_back({position, noon, drafts[i].received.value_or(noon), event_of(drafts[i])});
      last_ = position;
    }
    std::vector<storage::RowKey> keys;
    for (processor_.missing(batch, keys); !keys.empty(); processor_.missing(batch, keys)) {
      for (const auto& key : keys) ASSERT_TRUE(processor_.loaded(key, rows_.get(key)));
      keys.clear();
    }
    processor_.apply(batch, facts_);
  }

  Levels drain() {
    processor_.restate(facts_);
    return processor_.drain(last_);
  }

  void flush() {
    for (const auto& level : drain().levels) {
      for (const auto& mutation : level) rows_.put(mutation);
    }
  }

  const FactLedger& facts() const { return facts_; }
  UserActivityProcessor& processor() { return processor_; }

 private:
  Rows& rows_;
  UserActivityProcessor processor_{UserActivityOptions{}};
  FactLedger facts_;
  Position last_;
};

inline Draft view(std::string id, std::int64_t minutes) {
  return {.id = std::move(id), .time = noon + Milliseconds(minutes * minute)};
}

inline FactLedger facts_after(const std::vector<Draft>& drafts) {
  Rows rows;
  Replay run(rows);
  run.apply(drafts, 0);
  run.flush();
  return run.facts();
}

}  // namespace bytebasket::processors::testing
