// Sends a mock shop's events somewhere: to a file, or to a collector over HTTP as the SDKs of a
// real shop would.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "producers/delivery/courier.hpp"
#include "producers/shop/shop.hpp"

namespace bytebasket::producers::shop {

struct GenerateProgress {
  std::uint64_t made = 0;    ///< events taken from the shop
  std::uint64_t stored = 0;  ///< written, or acknowledged by the collector
  Timestamp shop_time;       ///< how far the shop's own clock has come
};
/// Called a few times a second from the thread that generates.
using OnGenerateProgress = std::function<void(const GenerateProgress&)>;

struct GenerateReport {
  std::uint64_t events = 0;  ///< written, or acknowledged by the collector
  std::uint64_t bytes = 0;   ///< of the events as the shop made them
  std::uint64_t batches = 0;
  std::uint64_t retries = 0;
  std::uint64_t refused_batches = 0;
  std::string last_problem;  ///< empty when nothing went wrong
};

/// Writes `events` events as JSON lines, each with its `receivedAt`, to the file at `path`, or to
/// standard output where `path` is "-". The bytes depend on the shop's options and `events` alone.
Result<GenerateReport> generate_to_file(Shop& shop, std::uint64_t events, const std::string& path,
                                        const OnGenerateProgress& on_progress = {});

/// A collector's public address and how to speak to it.
struct CollectorTarget {
  std::string url = "http://127.0.0.1:8080";
  /// By Sender: web, mobile, cart, orders.
  std::array<std::string, sender_count> write_keys = {"demo", "demo", "demo", "demo"};
  std::size_t connections = 2;
  std::size_t batch_events = 50;
  delivery::CourierOptions courier;
};

/// How fast events go out.
struct Pace {
  double events_per_second = 0;  ///< 0: as fast as the collector takes them
  bool live =
      false;  ///< no event before the clock reaches its sending time; those in the past go at once
};

/// Sends `events` events to `POST /v1/batch`. Event times arrive as the shop made them, however
/// fast they are sent: every try carries the `sentAt` of its moment. Returns when all are
/// acknowledged, or with the first error that more tries will not mend; `stop` ends it early and is
/// no error.
Result<GenerateReport> generate_to_collector(Shop& shop, std::uint64_t events,
                                             const CollectorTarget& target, const Pace& pace,
                                             const std::stop_token& stop = {},
                                             const OnGenerateProgress& on_progress = {});

/// The same with connections of the caller's making, one for each thread, and its own count.
Result<GenerateReport> generate_through(Shop& shop, std::uint64_t events,
                                        const CollectorTarget& target, const Pace& pace,
                                        const std::function<Result<delivery::Post>()>& connect,
                                        delivery::DeliveryCount& count, const std::stop_token& stop,
                                        const OnGenerateProgress& on_progress);

}  // namespace bytebasket::producers::shop
