#include "verification/horizon.hpp"

#include <algorithm>

#include "events/normalize.hpp"
#include "metrics/definition.hpp"
#include "processors/definitions.hpp"
#include "schema/tables.hpp"

namespace bytebasket::verification {
namespace {

/// How far ahead of its receipt an event may say that it happened (events::EventLimits).
constexpr Milliseconds farthest_ahead = events::EventLimits().max_ahead;

/// The last second that has a text: where no record is left at all.
constexpr Timestamp end_of_time = timestamp_from_ms(253'402'300'799'000);

bool counts_only_events(const metrics::MetricDefinition& definition) {
  return std::ranges::all_of(definition.sources, [](const metrics::MetricSource& source) {
    return source.from == metrics::FactKind::event || source.from == metrics::FactKind::line;
  });
}

std::string identity(std::string_view metric, std::string_view hash) {
  return std::string(metric) + ' ' + std::string(hash);
}

/// Of all definitions that the tables know of, those that only count events.
Result<std::set<std::string>> event_metrics(storage::TableStore& tables,
                                            const metrics::GrainRetention& retention) {
  std::set<std::string> found;
  std::set<std::string> read;
  storage::EnumerationRequest request{schema::TableId::definitions, "", 100};
  for (bool more = true; more;) {
    BB_ASSIGN_OR_RETURN(const auto page, storage::enumerate_now(tables, request));
    for (const storage::TableRow& row : page.rows) {
      const auto key = schema::DefinitionsKey::decode(row.key.partition, row.key.clustering);
      if (!key || key->kind != "metrics" || !read.insert(key->name).second) continue;
      BB_ASSIGN_OR_RETURN(const auto stored, processors::read_definition(key->kind, row.value));
      BB_ASSIGN_OR_RETURN(const auto definitions,
                          metrics::read_definitions(stored.document.text, "metrics", retention));
      for (const auto& definition : definitions) {
        if (counts_only_events(definition))
          found.insert(identity(definition.name, definition.hash));
      }
    }
    more = page.next.has_value();
    if (more) request.from = *page.next;
  }
  return found;
}

}  // namespace

Result<Horizon> Horizon::of(storage::TableStore& tables, History& history,
                            const std::vector<PartitionPlan>& plans,
                            const metrics::GrainRetention& retention) {
  Horizon horizon;
  for (const PartitionPlan& plan : plans) {
    std::optional<Timestamp> since;
    if (plan.range.first > Offset(0)) {
      since = end_of_time;
      if (plan.range.first < plan.range.end) {
        BB_ASSIGN_OR_RETURN(const auto batch,
                            history.read(plan.where, plan.range.first, {.max_records = 1}));
        if (!batch.empty()) since = batch.records().front().append_time + farthest_ahead;
      }
    }
    horizon.since_.push_back(since);
  }
  if (!horizon.complete()) {
    BB_ASSIGN_OR_RETURN(horizon.of_events_, event_metrics(tables, retention));
  }
  return horizon;
}

bool Horizon::comparable(std::size_t index, const storage::RowKey& key) const {
  const auto since = since_[index];
  if (!since) return true;
  if (key.table != schema::TableId::metrics) return false;
  const auto parts = schema::MetricsKey::decode(key.partition, key.clustering);
  return parts && parts->window >= *since &&
         of_events_.contains(identity(parts->metric, parts->definition));
}

bool Horizon::complete() const {
  return std::ranges::none_of(since_, [](const auto& since) { return since.has_value(); });
}

}  // namespace bytebasket::verification
