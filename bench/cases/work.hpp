// What a case has a partition's runner do: everything, or one metric and nothing beside it.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "metrics/definition.hpp"
#include "processors/event_facts.hpp"
#include "processors/fraud/default_rules.hpp"
#include "processors/partition_runner.hpp"
#include "processors/transactions.hpp"
#include "processors/user_activity_processor.hpp"

namespace bytebasket::bench {

struct Work {
  std::unique_ptr<processors::Processor> (*processor_for)(streams::TopicPartition);
  std::vector<processors::DefinitionDocument> definitions;
};

/// As the service does it, with the built-in metrics and rules.
inline Work everything() {
  using processors::DefinitionDocument;
  const auto processor_for =
      [](streams::TopicPartition where) -> std::unique_ptr<processors::Processor> {
    if (where.stream == streams::Stream::transactions) {
      return std::make_unique<processors::TransactionsProcessor>(processors::TransactionsOptions{});
    }
    return std::make_unique<processors::UserActivityProcessor>(processors::UserActivityOptions{});
  };
  return {processor_for,
          {DefinitionDocument::of("metrics", std::string(metrics::built_in_document())),
           DefinitionDocument::of("fraud", std::string(processors::fraud::default_rules()))}};
}

/// States events and their lines, and keeps nothing: no message ids, sessions or orders.
class EventFacts final : public processors::Processor {
 public:
  [[nodiscard]] bool wants(events::EventKind kind, const metrics::FactSink& facts) const override {
    return facts.counts(metrics::FactKind::event, kind) ||
           facts.counts(metrics::FactKind::line, kind);
  }
  void missing(std::span<const processors::LoggedEvent>, std::vector<storage::RowKey>&) override {}
  Status loaded(const storage::RowKey&, const std::optional<storage::StoredRow>&) override {
    return ok();
  }
  void apply(std::span<const processors::LoggedEvent> batch, metrics::FactSink& facts) override {
    for (const processors::LoggedEvent& logged : batch)
      processors::state_event_and_lines(logged.event, logged.append_time, facts);
  }
  Status control(std::string_view, Position) override { return ok(); }
  processors::Levels drain(Position) override { return {}; }
  [[nodiscard]] std::size_t memory() const override { return 0; }
  void shrink(std::size_t) override {}
};

/// From the log to its rows: one metric counts, and events that it cannot count are not read.
inline Work one_metric() {
  const auto processor_for = [](streams::TopicPartition) -> std::unique_ptr<processors::Processor> {
    return std::make_unique<EventFacts>();
  };
  return {processor_for,
          {processors::DefinitionDocument::of(
              "metrics",
              "metrics: [{name: product_views, help: Views of products., from: lines, "
              "where: event = \"Product Viewed\", aggregate: count, dimensions: [category]}]")}};
}

}  // namespace bytebasket::bench
