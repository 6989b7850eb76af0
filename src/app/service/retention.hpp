// Applies what the retention settings say: old processed records leave the log, expired rows leave
// the tables.
#pragma once

#include <cstdint>
#include <mutex>

#include "app/engines/engines.hpp"
#include "base/periodic_thread.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "schema/settings.hpp"

namespace bytebasket::app {

struct RetentionReport {
  std::uint64_t records_removed = 0;
};

/// Does it once. Records that are not yet processed, stored and (where there is a lake) archived
/// are never removed; the tables are made durable first, so that a power cut cannot ask for a
/// record that is gone.
Result<RetentionReport> apply_retention(Engines& engines, const schema::Settings& settings,
                                        Timestamp now);

/// Does it again and again on a thread of its own, from construction to destruction; not while
/// somebody holds `history` to read the log from its beginning.
class RetentionWorker {
 public:
  RetentionWorker(Engines& engines, const schema::Settings& settings, std::mutex& history,
                  Milliseconds interval);

 private:
  void apply();

  Engines& engines_;
  const schema::Settings& settings_;
  std::mutex& history_;
  PeriodicThread thread_;
};

}  // namespace bytebasket::app
