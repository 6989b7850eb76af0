// Times are UTC milliseconds. RFC 3339 is the only text form that is written; more forms are read.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace bytebasket {

using Milliseconds = std::chrono::milliseconds;

/// A moment in UTC, to the millisecond.
using Timestamp = std::chrono::sys_time<Milliseconds>;

constexpr Timestamp timestamp_from_ms(std::int64_t ms) { return Timestamp(Milliseconds(ms)); }
constexpr std::int64_t to_ms(Timestamp time) { return time.time_since_epoch().count(); }

/// The largest multiple of `step` since 1970 that is not after `time`, also before 1970.
constexpr Timestamp floor_to(Timestamp time, Milliseconds step) {
  const std::int64_t ms = to_ms(time);
  const std::int64_t rest = ((ms % step.count()) + step.count()) % step.count();
  return timestamp_from_ms(ms - rest);
}

/// Reads RFC 3339 / ISO 8601: `2026-11-22T10:00:00.123Z`, with an offset (`+02:00`), with a space
/// for the `T`, a bare date (its midnight). More than three decimals are cut. No zone means UTC.
/// Years 1970 to 9999.
Result<Timestamp> parse_timestamp(std::string_view text);

/// `2026-11-22T10:00:00Z`, with `.123` only where there are milliseconds.
std::string format_timestamp(Timestamp time);

/// `2026-11-22T10:00:00.123Z`, always 24 characters, appended to `out`: the form of the canonical
/// event.
void append_timestamp_ms(std::string& out, Timestamp time);

/// `2026-11-22`
std::string format_date(Timestamp time);

/// Reads `30s`, `5m`, `1h`, `14d`, `250ms`; `forever` is Milliseconds::max().
Result<Milliseconds> parse_duration(std::string_view text);
std::string format_duration(Milliseconds duration);

/// Where "now" comes from, so that tests and replays can say it.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const = 0;
};

/// The machine's clock. Thread-safe.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override;
};

/// A clock that stands where it is put. Not thread-safe: for tests and for generators.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start) : now_(start) {}
  [[nodiscard]] Timestamp now() const override { return now_; }
  void set(Timestamp now) { now_ = now; }
  void advance(Milliseconds step) { now_ += step; }

 private:
  Timestamp now_;
};

}  // namespace bytebasket
