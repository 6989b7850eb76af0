// How the stages are doing: rates, lag and states, from what they count.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/counters.hpp"
#include "base/time.hpp"

namespace bytebasket::analytics {

enum class StageState : std::uint8_t { ok, degraded, down };
std::string_view to_string(StageState state);

/// One stage as `GET /api/v1/status` shows it.
struct StageHealth {
  std::string_view name;  ///< collect, log, process, tables, archive (where it runs), api
  StageState state = StageState::ok;
  double rate = 0;  ///< events, records, rows or requests per second over the last seconds
  /// Records (for `api`, queries) that wait for this stage; nullopt where that is not known.
  std::optional<std::int64_t> lag;
  std::uint64_t refused = 0;  ///< since the process started
  std::string detail;         ///< why it is not ok; empty where it is
};

struct StageReport {
  bool ready = false;
  std::string reason;  ///< why it is not ready; empty where it is
  /// Of stages that are degraded, `log: …`: ready all the same.
  std::vector<std::string> degraded;
  std::vector<StageHealth> stages;
};

/// `[{"name":…,"state":…,"rate":…,"lag":…,"refused":…,"detail":…}]`
std::string stages_json(const StageReport& report);
/// The body of `GET /readyz` where it is ready: `{"ready":true,"degraded":["log: …"]}`, the latter
/// only where there is something.
std::string ready_json(const StageReport& report);
/// What a program says of itself beside its stages.
struct ProgramFacts {
  std::string version;
  std::string time_zone = "UTC";  ///< in which a page should show times
  /// How long what is made of events is kept, by the name of the setting below `retention`.
  std::map<std::string, Milliseconds> retention;
};

/// The body of `GET /api/v1/status`.
std::string status_json(const StageReport& report, const ProgramFacts& program, Timestamp now);

/// Watches the counters. Someone calls sample() once a second (LiveUpdates does). Thread-safe.
class StageMonitor {
 public:
  explicit StageMonitor(const Counters& counters) : counters_(counters) {}

  /// From here on events are accepted and processed; before it the report says "starting".
  void open();
  /// No longer ready, for the reason given ("stopping").
  void hold(std::string reason);

  void sample(Timestamp now);
  [[nodiscard]] StageReport report() const;

 private:
  static constexpr std::size_t stage_count = 6;

  /// What a stage had done and what had gone wrong in it at a moment.
  struct StageSample {
    std::uint64_t done = 0;
    std::uint64_t failed = 0;
    std::optional<std::int64_t> lag = 0;
    std::int64_t own_lag = 0;  ///< the part of it that waits for this process
  };
  struct Sample {
    Timestamp time;
    std::array<StageSample, stage_count> stages;
  };

  [[nodiscard]] Sample read(Timestamp now) const;
  [[nodiscard]] const Sample& sample_before(Milliseconds age) const;
  [[nodiscard]] StageHealth judge(std::size_t stage) const;

  const Counters& counters_;
  mutable std::mutex mutex_;
  std::string held_ = "starting";
  std::deque<Sample> samples_;  ///< of the last half minute, oldest first
};

}  // namespace bytebasket::analytics
