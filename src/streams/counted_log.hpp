// Any event log, with what it does counted.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/counters.hpp"
#include "streams/forwarding_log.hpp"

namespace bytebasket::streams {

/// An append that fails says so in `counters.trouble` until one succeeds.
class CountedLog final : public ForwardingLog {
 public:
  /// `counters` must outlive it.
  CountedLog(std::unique_ptr<EventLog> log, LogCounters& counters)
      : ForwardingLog(*log), log_(std::move(log)), counters_(counters) {}

  void append(std::vector<NewRecord> records, AppendCallback done) override;

 private:
  std::unique_ptr<EventLog> log_;
  LogCounters& counters_;
};

}  // namespace bytebasket::streams
