// Follows the row that names the keyspace of the tables: lets processing, and then the answers, of
// this process go on in the one that a rebuild made.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/engines/engines.hpp"
#include "app/rebuild/table_succession.hpp"
#include "base/periodic_thread.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "schema/settings.hpp"

namespace bytebasket::app {

/// Works on a thread of its own, from construction to destruction; before processing stops.
///
/// Each process that owns partitions moves them to the next keyspace by itself. It becomes the
/// present one when every partition has an owner there and none is behind: whoever sees that first
/// says so, and every process lets its answers follow.
class KeyspaceFollower {
 public:
  KeyspaceFollower(Engines& engines, const schema::Settings& settings, ChangeTables change_tables);

 private:
  void look();
  Status follow();
  Status move_processing(const std::string& keyspace);
  Status move_answers(const std::string& keyspace);
  Result<bool> has_caught_up();
  Result<std::shared_ptr<storage::TableStore>> open(const std::string& keyspace);
  void release_former();

  Engines& engines_;
  const schema::Settings& settings_;
  const ChangeTables change_tables_;
  // Of the thread.
  std::string processed_;
  std::string answering_;
  std::vector<std::shared_ptr<storage::TableStore>> former_;  ///< until nobody uses them

  PeriodicThread thread_;
};

}  // namespace bytebasket::app
