#include "app/rebuild/live_rebuild.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "app/engines/past_events.hpp"
#include "app/engines/processor_choice.hpp"
#include "base/log.hpp"

namespace bytebasket::app {
namespace {

using Json = nlohmann::ordered_json;

/// Between two looks at whether the new tables have caught up, or the former ones are out of use.
constexpr Milliseconds look_interval{20};
/// What processing catches up with in a moment.
constexpr std::uint64_t little_left = 20'000;
/// A shop that is faster than a rebuild would never let it come to an end.
constexpr int most_rounds = 20;

Result<RebuildRequest> read_request(const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::invalid_argument, "the body is no JSON object");
  RebuildRequest request;
  for (const auto& [name, value] : json.items()) {
    if (name == "redecide" && value.is_boolean()) {
      request.redecide = value.get<bool>();
    } else if (name == "incomplete" && value.is_boolean()) {
      request.incomplete = value.get<bool>();
    } else {
      return fail(ErrorCode::invalid_argument,
                  "'" + name + "' is not allowed: `redecide` and `incomplete` are true or false");
    }
  }
  return request;
}

}  // namespace

LiveRebuild::LiveRebuild(Engines& engines, const schema::Settings& settings,
                         const Documents& documents, MakeSuccession make_succession,
                         std::mutex& history, const Clock& clock)
    : engines_(engines),
      settings_(settings),
      documents_(documents),
      make_succession_(std::move(make_succession)),
      history_(history),
      clock_(clock) {}

Result<std::string> LiveRebuild::begin(const std::string& body) {
  BB_ASSIGN_OR_RETURN(const RebuildRequest request, read_request(body));
  {
    const std::lock_guard lock(mutex_);
    if (watch_.cancelled) return fail(ErrorCode::cancelled, "the server stops");
    if (std::exchange(working_, true))
      return fail(ErrorCode::conflict, "the tables are being made anew already");
    if (thread_.joinable()) thread_.join();  // It has nothing left to do but to end.
    watch_.records = 0;
    progress_ = {.state = "computing", .started_at = clock_.now()};
    thread_ = std::thread([this, request] { work(request); });
  }
  return progress();
}

std::string LiveRebuild::progress() const {
  const std::lock_guard lock(mutex_);
  Json json = {{"state", progress_.state}};
  if (progress_.started_at != Timestamp()) {
    json["records"] = watch_.records.load();
    json["of"] = std::max(progress_.of, watch_.records.load());
    json["started_at"] = format_timestamp(progress_.started_at);
  }
  if (!progress_.reason.empty()) json["reason"] = progress_.reason;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void LiveRebuild::stop() {
  {
    const std::lock_guard lock(mutex_);
    watch_.cancelled = true;
  }
  stop_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool LiveRebuild::pause() {
  std::unique_lock lock(mutex_);
  return !stop_.wait_for(lock, look_interval, [this] { return watch_.cancelled.load(); });
}

void LiveRebuild::set_state(const char* state) {
  const std::lock_guard lock(mutex_);
  progress_.state = state;
}

void LiveRebuild::work(const RebuildRequest& request) {
  spdlog::info("rebuild: the tables are made anew");
  const Status done = run(request);
  if (done) {
    spdlog::info("rebuild: done, the new tables serve");
  } else {
    spdlog::warn("rebuild: {}: the former tables serve on", done.error().message);
  }
  const std::lock_guard lock(mutex_);
  progress_.state = done ? "done" : "failed";
  if (!done) progress_.reason = done.error().message;
  working_ = false;
}

Status LiveRebuild::run(const RebuildRequest& request) {
  const std::lock_guard history(history_);
  const auto succession = make_succession_();
  BB_ASSIGN_OR_RETURN(storage::TableStore* const fresh, succession->begin());
  BB_RETURN_IF_ERROR(compute(*fresh, request));
  set_state("catching_up");
  return succession->take_place([this] { return pause(); });
}

Status LiveRebuild::compute(storage::TableStore& fresh, const RebuildRequest& request) {
  BB_ASSIGN_OR_RETURN(const auto past, PastEvents::open_beside(engines_, settings_));
  auto options = rebuild_options(settings_, documents_, request);
  options.threads = std::max(options.threads / 2, 1U);  // The shop goes on.
  options.replay.watch = &watch_;
  BB_ASSIGN_OR_RETURN(const auto rebuild,
                      verification::Rebuild::begin(past->history(), *engines_.tables, fresh,
                                                   processed_partitions(*engines_.log),
                                                   processor_choice(settings_, {}), options));
  for (int round = 0; round < most_rounds; ++round) {
    BB_ASSIGN_OR_RETURN(const std::uint64_t behind, rebuild->behind());
    {
      const std::lock_guard lock(mutex_);
      progress_.of = watch_.records + behind;
    }
    if (round > 0 && behind < little_left) break;
    BB_RETURN_IF_ERROR(rebuild->advance());
  }
  const auto rebuilt = rebuild->finish();
  return rebuilt ? ok() : fail(rebuilt.error());
}

}  // namespace bytebasket::app
