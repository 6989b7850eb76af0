// What a processor is: a pure function from (state rows, events in log order) to changed state
// rows, facts and results. No I/O, no clock, no threads: the runner (partition_runner.hpp) reads
// the log, loads the rows that are asked for, and flushes.
//
// The position rule (ARCHITECTURE.md): every row carries the log position up to which it is
// applied. A state row loaded at a position ≥ an event's offset has that event in it already, and
// so has everything derived from it: the processor skips the event for that row. This is what makes
// a replay after a crash exact.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/position.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "events/event.hpp"
#include "events/event_reader.hpp"
#include "metrics/fact.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::processors {

/// An event at its place in the log.
struct LoggedEvent {
  Position position;
  Timestamp append_time;
  Timestamp received_at;
  events::Event event;
};

/// Changed rows on their way out, most derived level first: each level is durable before the next
/// is written, so a row that is found at a position vouches for everything derived from it.
struct Levels {
  std::vector<std::vector<storage::Mutation>> levels;
};

class Processor {
 public:
  virtual ~Processor() = default;

  /// The store holds no row of this processor yet, so that what it did not write itself need not be
  /// read. `bytes` of memory may be spent on remembering what it wrote and let go.
  virtual void begin_empty(std::size_t bytes) { static_cast<void>(bytes); }

  /// What of an event it looks at.
  [[nodiscard]] virtual events::EventFields fields() const { return events::EventFields::all; }

  /// False where events of this kind change no row and state nothing that `facts` counts, whatever
  /// else they say: the runner then leaves them out and need not read them in full. Asked again
  /// after each control record.
  [[nodiscard]] virtual bool wants(events::EventKind kind, const metrics::FactSink& facts) const {
    static_cast<void>(kind);
    static_cast<void>(facts);
    return true;
  }

  /// Appends the keys of rows that applying `batch` needs and that are not held yet. The runner
  /// loads them, calls loaded(), and asks again until nothing is missing (a row may say that
  /// another is needed).
  virtual void missing(std::span<const LoggedEvent> batch, std::vector<storage::RowKey>& keys) = 0;

  /// Takes rows that missing() asked for; nullopt: there is no such row. An error: the stored bytes
  /// are corrupt.
  virtual Status loaded(const storage::RowKey& key,
                        const std::optional<storage::StoredRow>& row) = 0;

  /// Applies the batch that missing() was asked about last. Every row it needs is held. Facts go to
  /// `facts`.
  virtual void apply(std::span<const LoggedEvent> batch, metrics::FactSink& facts) = 0;

  /// A control record: a definition that acts from here on. Ignored by processors it is not for.
  virtual Status control(std::string_view document, Position position) = 0;

  /// States what has changed since the last call and can be restated (sessions, carts): the
  /// contribution as it was is taken back, the new one added. Called right before drain(); what was
  /// added and taken back in between is never seen, so the facts do not depend on where the log was
  /// cut into flushes.
  virtual void restate(metrics::FactSink& facts) { static_cast<void>(facts); }

  /// Hands out all changed rows, each at position `upto`, and counts them as clean.
  virtual Levels drain(Position upto) = 0;

  /// Memory held, in bytes: the runner flushes and calls shrink() when all processors together pass
  /// their limit.
  [[nodiscard]] virtual std::size_t memory() const = 0;
  /// Lets go of clean rows, long unused ones first, until memory() ≤ `target` or none is left.
  /// Only after drain().
  virtual void shrink(std::size_t target) = 0;
};

}  // namespace bytebasket::processors
