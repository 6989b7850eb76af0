// How tables that were made anew take the present ones' place, on each engine.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/engines/engines.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "schema/settings.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::app {

/// Waits a moment. False where the process is to stop.
using Pause = std::function<bool()>;
/// Calls the function where processing has paused between two events, and lets it go on.
using ChangeTables = std::function<Status(const std::function<void()>&)>;

/// Life cycle: begin(), fill what it gives, take_place().
class TableSuccession {
 public:
  virtual ~TableSuccession() = default;

  /// Empty tables to fill; valid until take_place().
  virtual Result<storage::TableStore*> begin() = 0;
  /// Returns when answers come from them. Until they have caught up with the present ones these
  /// answer, and after a failure they go on.
  virtual Status take_place(const Pause& pause) = 0;
};

/// In this process: a folder beside the present one.
std::unique_ptr<TableSuccession> embedded_succession(Engines& engines,
                                                     const schema::Settings& settings,
                                                     ChangeTables change_tables);

/// Whether any partition of `next` is stored less far than in `former`.
Result<bool> is_behind(const streams::EventLog& log, storage::TableStore& former,
                       storage::TableStore& next);

/// Waits until nobody else shares a store that was taken out of its place. False where the process
/// is to stop first.
bool wait_until_unused(const std::shared_ptr<storage::TableStore>& former, const Pause& pause);

}  // namespace bytebasket::app
