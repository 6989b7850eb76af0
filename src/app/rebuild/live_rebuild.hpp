// Tables made anew while the process serves and processes: computed beside the present ones, which
// answer until the new ones have caught up with them.
//
//   computing    all that the history holds is computed into the new tables, then what came
//                meanwhile, until little is left
//   catching_up  processing goes on in the new tables; answers come from the former ones, which
//                stand still
//   done         no partition of the new tables is behind the former ones: answers come from there
//
// So no question goes unanswered and no count goes back. Whatever fails on the way leaves the
// former tables in place; a process that ends on the way starts with them again.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/configuration/documents.hpp"
#include "app/engines/engines.hpp"
#include "app/rebuild/rebuild_request.hpp"
#include "app/rebuild/table_succession.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "schema/settings.hpp"

namespace bytebasket::app {

/// Thread-safe. One rebuild at a time.
class LiveRebuild {
 public:
  using MakeSuccession = std::function<std::unique_ptr<TableSuccession>()>;

  /// `history` is held while the log is read: retention leaves it alone then. What is handed in by
  /// reference must outlive it.
  LiveRebuild(Engines& engines, const schema::Settings& settings, const Documents& documents,
              MakeSuccession make_succession, std::mutex& history, const Clock& clock);
  ~LiveRebuild() { stop(); }
  LiveRebuild(const LiveRebuild&) = delete;
  LiveRebuild& operator=(const LiveRebuild&) = delete;

  /// POST /api/v1/rebuild, with `{"redecide": true, "incomplete": true}` or less: begins, and says
  /// what progress() says. `conflict` while one is under way.
  Result<std::string> begin(const std::string& body);
  /// GET /api/v1/rebuild: `{"state", "records", "of", "started_at", "reason"}`.
  [[nodiscard]] std::string progress() const;

  /// Ends one that is under way; before processing stops.
  void stop();

 private:
  struct Progress {
    const char* state = "none";
    std::uint64_t of = 0;
    Timestamp started_at;
    std::string reason;  ///< why it failed
  };

  void set_state(const char* state);
  void work(const RebuildRequest& request);
  Status run(const RebuildRequest& request);
  Status compute(storage::TableStore& fresh, const RebuildRequest& request);
  /// False where it is to stop.
  bool pause();

  Engines& engines_;
  const schema::Settings& settings_;
  const Documents& documents_;
  const MakeSuccession make_succession_;
  std::mutex& history_;
  const Clock& clock_;

  verification::ReplayWatch watch_;
  mutable std::mutex mutex_;
  std::condition_variable stop_;
  Progress progress_;
  bool working_ = false;
  std::thread thread_;
};

}  // namespace bytebasket::app
