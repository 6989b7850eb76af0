#include "analytics/stages.hpp"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace bytebasket::analytics {
namespace {

constexpr std::array<std::string_view, 6> names = {"collect", "log",     "process",
                                                   "tables",  "archive", "api"};
constexpr std::size_t log_stage = 1;
constexpr std::size_t process_stage = 2;
constexpr std::size_t archive_stage = 4;

constexpr Milliseconds rate_window{5'000};      ///< a rate is over this long
constexpr Milliseconds failure_window{10'000};  ///< a failure is held against a stage this long
constexpr Milliseconds stall_window{
    30'000};  ///< no progress for this long, with work waiting, is a stall
constexpr std::int64_t small_lag = 1'000;  ///< records behind that are nothing to speak of
constexpr double long_lag_seconds = 10;

nlohmann::ordered_json to_json(const StageReport& report) {
  auto stages = nlohmann::ordered_json::array();
  for (const StageHealth& stage : report.stages) {
    stages.push_back({{"name", stage.name},
                      {"state", to_string(stage.state)},
                      {"rate", std::round(stage.rate * 10) / 10},
                      {"lag", stage.lag ? nlohmann::ordered_json(*stage.lag) : nullptr},
                      {"refused", stage.refused},
                      {"detail", stage.detail}});
  }
  return stages;
}

std::string dump(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// What a failure of each stage means, for people.
std::string_view failure_text(std::size_t stage) {
  static constexpr std::array<std::string_view, names.size()> texts = {
      "requests were told to come back later",
      "records could not be written",
      "flushes failed and were repeated",
      "reads or writes failed",
      "attempts to archive failed and were repeated",
      "queries were told to come back later"};
  return texts[stage];
}

}  // namespace

std::string_view to_string(StageState state) {
  switch (state) {
    case StageState::ok:
      return "ok";
    case StageState::degraded:
      return "degraded";
    case StageState::down:
      break;
  }
  return "down";
}

std::string stages_json(const StageReport& report) { return dump(to_json(report)); }

std::string ready_json(const StageReport& report) {
  nlohmann::ordered_json json = {{"ready", report.ready}};
  if (!report.degraded.empty()) json["degraded"] = report.degraded;
  return dump(json);
}

std::string status_json(const StageReport& report, const ProgramFacts& program, Timestamp now) {
  nlohmann::ordered_json json = {{"ready", report.ready}};
  if (!report.ready) json["reason"] = report.reason;
  json["version"] = program.version;
  json["now"] = format_timestamp(now);
  json["time_zone"] = program.time_zone;
  auto& retention = json["retention"] = nlohmann::ordered_json::object();
  for (const auto& [name, time] : program.retention) retention[name] = format_duration(time);
  json["stages"] = to_json(report);
  return dump(json);
}

void StageMonitor::open() {
  const std::lock_guard lock(mutex_);
  held_.clear();
}

void StageMonitor::hold(std::string reason) {
  const std::lock_guard lock(mutex_);
  held_ = std::move(reason);
}

StageMonitor::Sample StageMonitor::read(Timestamp now) const {
  Sample sample;
  sample.time = now;
  auto& [collect, log, process, tables, archive, api] = sample.stages;
  collect = {counters_.collector.accepted.value(), counters_.collector.pushed_back.value(),
             counters_.collector.in_flight.value()};
  log = {counters_.log.appended.value(), counters_.log.failed.value(),
         counters_.log.queued.value()};
  process.failed = counters_.processing.flush_failures.value();
  counters_.processing.partitions.for_each(
      [&process](std::string_view, const PartitionCounters& partition) {
        process.done += partition.processed.value();
        // Its owner knows it best; what nobody knows makes the sum unknown.
        const auto own = partition.lag.value();
        const auto lag = own ? own : partition.group_lag.value();
        process.own_lag += own.value_or(0);
        process.lag = process.lag && lag ? std::optional(*process.lag + *lag) : std::nullopt;
      });
  tables = {counters_.tables.written.value(), counters_.tables.failed.value(), 0};
  archive = {counters_.archive.read.value(), counters_.archive.failures.value(), 0};
  counters_.archive.partitions.for_each(
      [&archive](std::string_view, const PartitionCounters& partition) {
        archive.lag = *archive.lag + partition.lag.value().value_or(0);
      });
  api = {0, counters_.api.refused.value(), counters_.api.waiting.value()};
  // The collector's routes are counted there too; its events are the stage `collect`.
  counters_.api.routes.for_each([&api](std::string_view label, const RouteCounters& route) {
    if (label.find(" /api/") == std::string_view::npos) return;
    for (const Counter& answers : route.answers) api.done += answers.value();
  });
  return sample;
}

void StageMonitor::sample(Timestamp now) {
  Sample taken = read(now);
  const std::lock_guard lock(mutex_);
  if (!samples_.empty() && samples_.back().time >= now) return;
  samples_.push_back(taken);
  // The oldest kept sample is at least as old as the longest window.
  while (samples_.size() > 2 && samples_[1].time <= now - stall_window) samples_.pop_front();
}

const StageMonitor::Sample& StageMonitor::sample_before(Milliseconds age) const {
  const Timestamp wanted = samples_.back().time - age;
  const auto found = std::find_if(samples_.rbegin(), samples_.rend(),
                                  [&](const Sample& s) { return s.time <= wanted; });
  return found == samples_.rend() ? samples_.front() : *found;
}

StageHealth StageMonitor::judge(std::size_t stage) const {
  const std::array<const Trouble*, stage_count> troubles = {
      &counters_.collector.trouble, &counters_.log.trouble,     &counters_.processing.trouble,
      &counters_.tables.trouble,    &counters_.archive.trouble, &counters_.api.trouble};
  const std::array<std::uint64_t, stage_count> refused = {
      counters_.collector.refused.value(),  counters_.log.failed.value(),
      counters_.processing.refused.value(), counters_.tables.failed.value(),
      counters_.archive.failures.value(),   counters_.api.refused.value()};
  StageHealth health;
  health.lag = stage == process_stage ? std::nullopt : std::optional<std::int64_t>(0);
  health.name = names[stage];
  health.refused = refused[stage];
  if (!samples_.empty()) {
    const StageSample& now = samples_.back().stages[stage];
    const Sample& earlier = sample_before(rate_window);
    const double seconds =
        std::chrono::duration<double>(samples_.back().time - earlier.time).count();
    if (now.lag) health.lag = std::max<std::int64_t>(0, *now.lag);
    if (seconds > 0)
      health.rate = static_cast<double>(now.done - earlier.stages[stage].done) / seconds;
    if (const auto failed = now.failed - sample_before(failure_window).stages[stage].failed;
        failed > 0) {
      health.state = StageState::degraded;
      health.detail =
          std::to_string(failed) + " " + std::string(failure_text(stage)) + " in the last 10 s";
    }
    const Sample& long_ago = sample_before(stall_window);
    if (stage == process_stage && now.own_lag > 0 &&
        samples_.back().time - long_ago.time >= stall_window &&
        now.done == long_ago.stages[stage].done) {
      health.state = StageState::down;
      health.detail =
          "nothing was processed for 30 s while " + std::to_string(now.own_lag) + " records wait";
    } else if (stage == process_stage && now.own_lag > small_lag &&
               static_cast<double>(now.own_lag) > health.rate * long_lag_seconds) {
      health.state = StageState::degraded;
      health.detail = std::to_string(now.own_lag) + " records behind";
    }
  }
  if (auto away = counters_.log.away.reason(); stage == log_stage && away) {
    health.state = StageState::degraded;
    health.detail = std::move(*away);
  }
  if (const auto spooled = counters_.log.spooled.value(); stage == log_stage && spooled > 0) {
    health.state = StageState::degraded;
    health.lag = health.lag.value_or(0) + spooled;
    health.detail =
        std::to_string(spooled) + " records wait on this machine's disk for the log to be back";
  }
  if (auto reason = troubles[stage]->reason()) {
    health.state = StageState::down;
    health.detail = std::move(*reason);
  }
  return health;
}

StageReport StageMonitor::report() const {
  const std::lock_guard lock(mutex_);
  StageReport report;
  report.reason = held_;
  for (std::size_t stage = 0; stage < stage_count; ++stage) {
    if (stage == archive_stage && counters_.archive.running.value() == 0) continue;
    report.stages.push_back(judge(stage));
    const StageHealth& health = report.stages.back();
    // Events are accepted, processed and answered while the lake is away: the log keeps them for
    // it.
    if (stage == archive_stage) continue;
    if (health.state == StageState::degraded)
      report.degraded.push_back(std::string(health.name) + ": " + health.detail);
    if (report.reason.empty() && health.state == StageState::down) {
      report.reason = std::string(health.name) + ": " + health.detail;
    }
  }
  report.ready = report.reason.empty();
  return report;
}

}  // namespace bytebasket::analytics
