// The collector: Segment's HTTP tracking API in front of the event log.
//
//   POST /v1/{track,identify,page,screen,group,alias,batch}, /v1/{t,i,p,s,g,a,b}, /v1/import
//   GET  /v1/projects/{key}/settings
//
// What it promises: 200 means that everything in the request is durable, the refused items in the
// dead letters included. One bad item never fails its batch. 400 is a body that is no JSON, 401 a
// missing or wrong key, 413 beyond the limits, 503 with Retry-After "later": the log's queue or the
// collector's own memory limit is full, or the disk is.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/counters.hpp"
#include "base/time.hpp"
#include "events/normalize.hpp"
#include "http/server.hpp"
#include "producers/write_keys.hpp"
#include "streams/event_log.hpp"

namespace bytebasket::producers {

struct CollectorOptions {
  WriteKeys write_keys;
  std::size_t max_batch_bytes = 4 << 20;  ///< of a body once it is decompressed
  events::EventLimits event_limits;
  std::vector<std::string> cors_origins = {"*"};
  std::size_t max_in_flight_bytes = 256 << 20;  ///< of bodies taken in and not yet durable
};

/// Thread-safe. Log, clock and counters must outlive it; it must outlive the server that its routes
/// are in, and the log's last callback: stop the server, close the log, then destroy the collector.
class Collector {
 public:
  Collector(streams::EventLog& log, CollectorOptions options, const Clock& clock,
            CollectorCounters& counters);
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  void add_routes(http::Server& server);

  /// One request of the tracking API, as the routes hand it on. `call` is what the path says;
  /// nullopt for a batch. A body is a batch where it has a `batch`, whatever the path says.
  void take(const std::shared_ptr<const http::Request>& request, http::Responder responder,
            std::optional<events::CallType> call);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bytebasket::producers
