#include "producers/delivery/courier.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/base64.hpp"
#include "producers/delivery/gzip.hpp"

namespace bytebasket::producers::delivery {

namespace {

constexpr Milliseconds first_pause{100};
constexpr Milliseconds longest_pause{5'000};
constexpr Milliseconds longest_obeyed{300'000};

std::vector<std::pair<std::string, std::string>> headers_for(const Parcel& parcel, bool zipped) {
  std::vector<std::pair<std::string, std::string>> headers = {
      {"content-type", "application/json"},
      {"authorization", "Basic " + encode_base64(parcel.write_key() + ":")}};
  if (zipped) headers.emplace_back("content-encoding", "gzip");
  return headers;
}

/// `Retry-After` in seconds; the form with a date is not used by collectors.
std::optional<Milliseconds> retry_after(const http::ClientResponse& answer) {
  for (const auto& [name, value] : answer.headers) {
    if (name != "retry-after") continue;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error == std::errc() && end == value.data() + value.size() && seconds >= 0 &&
        seconds < 86'400) {
      return std::min(Milliseconds(seconds * 1000), longest_obeyed);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string DeliveryCount::last_problem() const {
  const std::lock_guard lock(mutex_);
  return last_problem_;
}

void DeliveryCount::set_problem(std::string problem) {
  const std::lock_guard lock(mutex_);
  last_problem_ = std::move(problem);
}

Courier::Courier(CourierOptions options, Post post, Wait wait, const Clock& clock,
                 DeliveryCount& count)
    : options_(options),
      post_(std::move(post)),
      wait_(std::move(wait)),
      clock_(clock),
      count_(count) {}

Result<Courier::Outcome> Courier::judge(const Result<http::ClientResponse>& answer,
                                        std::size_t events, Milliseconds& pause) {
  if (!answer) {
    count_.set_problem(answer.error().message);
    return Outcome::again;
  }
  const unsigned status = answer->status;
  if (status >= 200 && status < 300) {
    count_.events += events;
    ++count_.batches;
    return Outcome::done;
  }
  const std::string problem =
      "the collector answered " + std::to_string(status) + ": " + answer->body.substr(0, 300);
  count_.set_problem(problem);
  if (status == 401 || status == 403) {
    return fail(ErrorCode::permission_denied, problem + "; check the write key");
  }
  if (status == 408 || status == 429 || status >= 500) {
    pause = retry_after(*answer).value_or(pause);
    return Outcome::again;
  }
  ++count_.refused_batches;
  return Outcome::done;
}

Status Courier::deliver(const Parcel& parcel) {
  Milliseconds backoff = first_pause;
  Milliseconds waited{0};
  while (true) {
    std::string body = parcel.body(clock_.now());
    if (options_.gzip) body = gzip(body);
    Milliseconds pause = backoff;
    BB_ASSIGN_OR_RETURN(
        const Outcome outcome,
        judge(post_(headers_for(parcel, options_.gzip), std::move(body)), parcel.events(), pause));
    if (outcome == Outcome::done) return ok();
    if (waited >= options_.give_up_after) {
      return fail(ErrorCode::unavailable,
                  "gave up after " + format_duration(waited) + ": " + count_.last_problem());
    }
    if (!wait_(pause))
      return fail(ErrorCode::cancelled, "stopped while the collector could not take events");
    ++count_.retries;
    waited += std::max(pause, Milliseconds(1));
    backoff = std::min(backoff * 2, longest_pause);
  }
}

}  // namespace bytebasket::producers::delivery
