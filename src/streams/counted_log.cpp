#include "streams/counted_log.hpp"

#include <chrono>

namespace bytebasket::streams {

void CountedLog::append(std::vector<NewRecord> records, AppendCallback done) {
  const auto count = records.size();
  std::uint64_t bytes = 0;
  for (const NewRecord& record : records) bytes += record.key.size() + record.value.size();
  counters_.queued.add(static_cast<std::int64_t>(count));
  const auto began = std::chrono::steady_clock::now();
  log_->append(std::move(records),
               [&counters = counters_, count, bytes, began,
                done = std::move(done)](Result<std::vector<AppendedAt>> result) {
                 counters.queued.add(-static_cast<std::int64_t>(count));
                 if (result) {
                   counters.appended.add(count);
                   counters.bytes.add(bytes);
                   counters.commit.record(std::chrono::steady_clock::now() - began);
                   if (counters.trouble.reason()) counters.trouble.clear();
                 } else {
                   counters.failed.add(count);
                   counters.trouble.set(result.error().message);
                 }
                 done(std::move(result));
               });
}

}  // namespace bytebasket::streams
