#include "app/rebuild/next_tables.hpp"

#include <utility>

#include "app/engines/open_tables.hpp"
#include "app/engines/table_generations.hpp"
#include "base/crash_point.hpp"
#include "storage/embedded/embedded_tables.hpp"

namespace bytebasket::app {

NextTables::NextTables(const schema::Settings& settings, std::filesystem::path folder)
    : settings_(settings), data_(settings.data.dir), folder_(std::move(folder)) {}

Result<std::unique_ptr<NextTables>> NextTables::make(const schema::Settings& settings) {
  BB_ASSIGN_OR_RETURN(auto folder, next_tables(settings.data.dir));
  std::unique_ptr<NextTables> next(new NextTables(settings, std::move(folder)));
  BB_ASSIGN_OR_RETURN(next->filling_,
                      storage::EmbeddedTables::open({.folder = next->folder_,
                                                     .memory_bytes = settings.storage.memory,
                                                     .survives_crash = false,
                                                     .clock = &next->clock_}));
  return next;
}

Result<std::shared_ptr<storage::TableStore>> NextTables::open() const {
  BB_ASSIGN_OR_RETURN(auto tables, open_embedded_tables(folder_, settings_));
  return std::shared_ptr<storage::TableStore>(std::move(tables));
}

Status NextTables::publish() const {
  crash_point("rebuild.before_publish");
  BB_RETURN_IF_ERROR(publish_tables(data_, folder_));
  crash_point("rebuild.after_publish");
  return ok();
}

void NextTables::remove_former() const { remove_former_tables(data_); }

}  // namespace bytebasket::app
