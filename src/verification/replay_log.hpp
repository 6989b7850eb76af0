// The history of one partition, as a log that can be read and not appended to, up to an end that is
// set by whoever replays it.
#pragma once

#include <string>
#include <vector>

#include "processors/definitions.hpp"
#include "streams/event_log.hpp"
#include "verification/history.hpp"

namespace bytebasket::verification {

/// A definition that acts from the beginning of a replay, whatever control records of its kind say
/// up to an offset: what a rebuild computed with.
struct ActingDefinition {
  processors::DefinitionDocument document;
  Offset until{-1};
};
using ActingDefinitions = std::vector<ActingDefinition>;

/// Not thread-safe: one replay's.
class ReplayLog final : public streams::EventLog {
 public:
  /// `history` must outlive it. Batches that were read must not outlive it.
  ReplayLog(History& history, streams::TopicPartition where, streams::LogRange range,
            const ActingDefinitions& acting);

  /// Nothing at or beyond `end` is read.
  void set_end(Offset end) { end_ = end; }

  [[nodiscard]] std::int32_t partitions(streams::Stream) const override { return 1; }
  void append(std::vector<streams::NewRecord> records, AppendCallback done) override;
  Result<streams::RecordBatch> read(streams::TopicPartition where, Offset from,
                                    const streams::ReadLimits& limits) override;
  /// Begins at offset 0 also where the oldest records are gone: the first read goes on to those
  /// that are left.
  Result<streams::LogRange> range(streams::TopicPartition where) override;
  Status commit(std::string_view group, streams::TopicPartition where, Offset next) override;
  Result<std::optional<Offset>> committed(std::string_view group,
                                          streams::TopicPartition where) override;
  Result<std::uint64_t> apply_retention(streams::TopicPartition where,
                                        const streams::LogRetention& retention, Offset keep_from,
                                        Timestamp now) override;
  Result<std::uint64_t> size_in_bytes(streams::TopicPartition where) override;
  void close() override {}

 private:
  struct ControlRecord {
    std::string kind;
    Offset until;       ///< control records of the kind up to here are replaced
    std::string value;  ///< with the bytes behind it that a reader may look at
    std::size_t size;
  };

  [[nodiscard]] static streams::Record acting_record(const ControlRecord& control, Offset offset,
                                                     const streams::Record& beside);
  void replace_superseded(std::vector<streams::Record>& records) const;
  void begin_with_acting(std::vector<streams::Record>& records) const;

  History& history_;
  const streams::TopicPartition where_;
  const streams::LogRange range_;
  std::vector<ControlRecord> acting_;
  Offset end_{0};
};

}  // namespace bytebasket::verification
