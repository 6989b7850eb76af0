// What the tests of the transactions processor share: events made by hand, a store in memory, and a
// ledger of facts.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "processors/definitions.hpp"
#include "processors/transactions.hpp"

namespace bytebasket::processors::testing {

/// Events in log order, and the texts that they look at.
class Log {
 public:
  /// Appends an event of that kind at `minute` after the start and lets the caller fill it in.
  events::Event& add(events::EventKind kind, std::string_view message_id, std::int64_t minute) {
    LoggedEvent logged;
    const auto offset = static_cast<std::int64_t>(events_.size());
    logged.position = {Epoch(1), Offset(offset)};
    logged.append_time = start() + Milliseconds(offset) + std::chrono::days(40);
    logged.received_at = logged.append_time;
    logged.event.kind = kind;
    logged.event.name = schema::name_of(kind);
    logged.event.source = events::Source::orders;
    logged.event.message_id = keep(message_id);
    logged.event.time = start() + std::chrono::minutes(minute);
    logged.event.original_time = logged.event.time;
    logged.event.has_original_time = true;
    logged.event.currency = *events::Currency::parse("EUR");
    events_.push_back(logged);
    return events_.back().event;
  }

  std::string_view keep(std::string_view text) { return texts_.emplace_back(text); }
  std::span<const events::Line> keep(std::vector<events::Line> lines) {
    return lines_.emplace_back(std::move(lines));
  }

  [[nodiscard]] const std::vector<LoggedEvent>& events() const { return events_; }
  LoggedEvent& last() { return events_.back(); }

  static Timestamp start() { return timestamp_from_ms(1'767'225'600'000); }

 private:
  std::vector<LoggedEvent> events_;
  std::deque<std::string> texts_;
  std::deque<std::vector<events::Line>> lines_;
};

/// A table store without I/O that keeps the newest of each row, as engines do.
class MapStore {
 public:
  using Rows = std::map<storage::RowKey, storage::StoredRow>;

  [[nodiscard]] std::optional<storage::StoredRow> get(const storage::RowKey& key) const {
    const auto found = rows_.find(key);
    if (found == rows_.end() || found->second.value.empty()) return std::nullopt;
    return found->second;
  }
  void put(const storage::Mutation& mutation) {
    storage::StoredRow& row = rows_[mutation.key];
    if (row.position > mutation.position) return;
    row = {mutation.key.clustering, mutation.value, mutation.position};
  }
  [[nodiscard]] const Rows& rows() const { return rows_; }

  /// The live rows of a table.
  [[nodiscard]] std::vector<std::string> values(schema::TableId table) const {
    std::vector<std::string> values;
    for (const auto& [key, row] : rows_) {
      if (key.table == table && !row.value.empty()) values.push_back(row.value);
    }
    return values;
  }

 private:
  Rows rows_;
};

/// What facts add up to. Those that were taken back are gone.
class Ledger final : public metrics::FactSink {
 public:
  using Key = std::tuple<metrics::FactKind, std::int64_t, std::string>;

  void add(const metrics::Fact& fact) override {
    std::string says(fact.refund_type);
    for (const auto& dimension : fact.dimensions) says.append("|").append(dimension);
    for (const auto& field : fact.fields)
      says.append("|").append(field ? std::to_string(*field) : "-");
    const auto where = sums_.try_emplace({fact.kind, to_ms(fact.time), says}).first;
    where->second += fact.weight;
    if (where->second == 0) sums_.erase(where);
    const auto revenue = fact.field(metrics::Field::revenue);
    money_[fact.kind] += fact.weight * revenue.value_or(0);
    counts_[fact.kind] += fact.weight;
  }

  [[nodiscard]] const std::map<Key, std::int64_t>& sums() const { return sums_; }
  [[nodiscard]] std::int64_t money(metrics::FactKind kind) const { return of(money_, kind); }
  [[nodiscard]] std::int64_t count(metrics::FactKind kind) const { return of(counts_, kind); }

 private:
  static std::int64_t of(const std::map<metrics::FactKind, std::int64_t>& numbers,
                         metrics::FactKind kind) {
    const auto found = numbers.find(kind);
    return found == numbers.end() ? 0 : found->second;
  }

  std::map<Key, std::int64_t> sums_;
  std::map<metrics::FactKind, std::int64_t> money_;
  std::map<metrics::FactKind, std::int64_t> counts_;
};

/// Loads what a batch needs and applies it, as the runner does.
inline void apply_batch(TransactionsProcessor& processor, const MapStore& store,
                        std::span<const LoggedEvent> batch, metrics::FactSink& facts) {
  std::vector<storage::RowKey> keys;
  for (processor.missing(batch, keys); !keys.empty(); processor.missing(batch, keys)) {
    for (const storage::RowKey& key : keys) {
      const Status status = processor.loaded(key, store.get(key));
      if (!status) throw std::runtime_error(status.error().message);
    }
    keys.clear();
  }
  processor.apply(batch, facts);
}

inline void store_all(MapStore& store, const Levels& levels) {
  for (const auto& level : levels.levels) {
    for (const storage::Mutation& mutation : level) store.put(mutation);
  }
}

inline constexpr std::int64_t euro = 1'000'000;

/// A processor with its store and what it says.
class Transactions : public ::testing::Test {
 protected:
  events::Event& order(std::string_view id, std::string_view message, std::int64_t minute,
                       std::int64_t euros,
                       events::EventKind kind = events::EventKind::order_completed) {
    events::Event& event = log_.add(kind, message, minute);
    event.order_id = log_.keep(id);
    event.user_id = "ann";
    event.revenue = events::Micros(euros * euro);
    event.country = "DE";
    return event;
  }

  events::Event& payment(std::string_view id, std::string_view message, std::int64_t minute,
                         std::string_view card, std::int64_t euros = 20) {
    events::Event& event = log_.add(events::EventKind::payment_attempted, message, minute);
    event.order_id = log_.keep(id);
    event.user_id = "ann";
    event.card = log_.keep(card);
    event.value = events::Micros(euros * euro);
    return event;
  }

  events::Event& labelled(std::string_view id, std::string_view message, std::int64_t minute,
                          std::string_view label) {
    events::Event& event = log_.add(events::EventKind::fraud_labelled, message, minute);
    event.order_id = log_.keep(id);
    event.label = label;
    return event;
  }

  /// Applies what was added since the last call, and stores it.
  void run() {
    const auto all = std::span(log_.events());
    apply_batch(processor_, store_, all.subspan(done_), facts_);
    done_ = all.size();
    store_all(store_, processor_.drain(all.back().position));
  }

  std::vector<nlohmann::json> rows(schema::TableId table) {
    std::vector<nlohmann::json> rows;
    for (const std::string& value : store_.values(table))
      rows.push_back(nlohmann::json::parse(value));
    return rows;
  }

  void use_rules(const std::string& text) {
    const auto status =
        processor_.control(to_control_record(DefinitionDocument::of("fraud", text)), Position());
    ASSERT_TRUE(status) << status.error().message;
  }

  std::vector<std::string> answers_;
  Log log_;
  MapStore store_;
  Ledger facts_;
  TransactionsProcessor processor_{
      {.retention = Milliseconds::max(), .on_decision = [this](const DecisionAnswer& answer) {
         answers_.push_back(std::string(answer.message_id) + " " + std::string(answer.json));
       }}};
  std::size_t done_ = 0;
};

}  // namespace bytebasket::processors::testing
