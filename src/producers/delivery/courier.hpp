// Takes batches to the collector and does not lose them: back-pressure is obeyed, failures are
// tried again.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "http/client.hpp"

namespace bytebasket::producers::delivery {

/// Events for one request of `POST /v1/batch`.
class Parcel {
 public:
  virtual ~Parcel() = default;
  [[nodiscard]] virtual std::size_t events() const = 0;
  [[nodiscard]] virtual const std::string& write_key() const = 0;
  /// The body as an SDK writes it at `now`; asked for anew for every try, as `sentAt` changes.
  [[nodiscard]] virtual std::string body(Timestamp now) const = 0;
};

/// Sends one request body and gives the answer: a connection to a collector, or a test's stand-in.
/// Not thread-safe.
using Post = std::function<Result<http::ClientResponse>(
    const std::vector<std::pair<std::string, std::string>>& headers, std::string body)>;

/// A keep-alive connection to the collector at `url` (`http://host:port`).
Result<Post> connect_to_collector(const std::string& url);

/// Waits, or returns false at once when the sender is to stop.
using Wait = std::function<bool(Milliseconds)>;

/// What all couriers of a run have done. Thread-safe.
struct DeliveryCount {
  std::atomic<std::uint64_t> events{0};           ///< acknowledged by the collector
  std::atomic<std::uint64_t> batches{0};          ///< acknowledged by the collector
  std::atomic<std::uint64_t> retries{0};          ///< tries beyond the first of each batch
  std::atomic<std::uint64_t> refused_batches{0};  ///< answered with 4xx: given up, as SDKs do

  /// The latest thing that went wrong, for people; empty when nothing did.
  [[nodiscard]] std::string last_problem() const;
  void set_problem(std::string problem);

 private:
  mutable std::mutex mutex_;
  std::string last_problem_;
};

struct CourierOptions {
  bool gzip = false;
  Milliseconds give_up_after{
      60'000};  ///< without any answer but "later"; Milliseconds::max() never gives up
};

/// Delivers over one connection. Not thread-safe.
class Courier {
 public:
  Courier(CourierOptions options, Post post, Wait wait, const Clock& clock, DeliveryCount& count);

  /// Returns when the batch is acknowledged or refused for good. Tries again after 429, 5xx, no
  /// answer and no connection: after what `Retry-After` says, else after a pause that doubles from
  /// 100 ms to 5 s. Errors: `permission_denied` (a wrong write key), `unavailable` (gave up),
  /// `cancelled` (told to stop).
  Status deliver(const Parcel& parcel);

 private:
  enum class Outcome { done, again };
  Result<Outcome> judge(const Result<http::ClientResponse>& answer, std::size_t events,
                        Milliseconds& pause);

  CourierOptions options_;
  Post post_;
  Wait wait_;
  const Clock& clock_;
  DeliveryCount& count_;
};

}  // namespace bytebasket::producers::delivery
