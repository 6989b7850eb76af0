// A clock that stands where a test puts it while other threads read it.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/time.hpp"

namespace bytebasket::testing {

class SettableClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return timestamp_from_ms(ms_); }
  void set(std::int64_t ms) { ms_ = ms; }

 private:
  std::atomic<std::int64_t> ms_ = 0;
};

}  // namespace bytebasket::testing
