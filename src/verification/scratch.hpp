// Where rows are computed again: tables that are thrown away afterwards, on a clock that stands
// where it is put.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "base/time.hpp"
#include "verification/held_tables.hpp"

namespace bytebasket::verification {

/// Stands in 1970 at first: nothing ever expires while rows are computed. Thread-safe.
class ScratchClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return timestamp_from_ms(ms_); }
  void set(Timestamp now) { ms_ = to_ms(now); }
  /// From here on no row is expired, whatever its expiry.
  void show_all() { ms_ = 0; }

 private:
  std::atomic<std::int64_t> ms_ = 0;
};

/// Empty tables of one's own, with atomic writes. Destroying it removes them.
class Scratch {
 public:
  virtual ~Scratch() = default;
  [[nodiscard]] virtual HeldTables& tables() = 0;
  [[nodiscard]] virtual ScratchClock& clock() = 0;
};

using MakeScratch = std::function<Result<std::unique_ptr<Scratch>>()>;

}  // namespace bytebasket::verification
