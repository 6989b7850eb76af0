#include "app/rebuild/table_succession.hpp"

#include <utility>

#include "app/engines/processor_choice.hpp"
#include "app/rebuild/next_tables.hpp"
#include "processors/job_state.hpp"

namespace bytebasket::app {
namespace {

class EmbeddedSuccession final : public TableSuccession {
 public:
  EmbeddedSuccession(Engines& engines, const schema::Settings& settings, ChangeTables change_tables)
      : engines_(engines), settings_(settings), change_tables_(std::move(change_tables)) {}

  Result<storage::TableStore*> begin() override {
    BB_ASSIGN_OR_RETURN(next_, NextTables::make(settings_));
    return &next_->filling();
  }

  Status take_place(const Pause& pause) override {
    next_->finish_filling();
    BB_ASSIGN_OR_RETURN(const auto tables, next_->open());
    std::shared_ptr<storage::TableStore> former;
    BB_RETURN_IF_ERROR(change_tables_([&] { former = engines_.tables_place->put(tables); }));
    Status placed = wait_until_caught_up(*former, *tables, pause);
    if (placed) placed = next_->publish();
    if (!placed) {
      // Back to where answers come from. Where processing stops there is nobody to bring back.
      static_cast<void>(change_tables_([&] { engines_.tables_place->put(former); }));
      return placed;
    }
    engines_.answers_place->put(tables);
    // Where the process stops, what is left of the former ones goes at the next start.
    if (!wait_until_unused(former, pause)) return ok();
    former->abandon();
    former.reset();
    next_->remove_former();
    return ok();
  }

 private:
  Status wait_until_caught_up(storage::TableStore& former, storage::TableStore& next,
                              const Pause& pause) const {
    while (true) {
      BB_ASSIGN_OR_RETURN(const bool behind, is_behind(*engines_.log, former, next));
      if (!behind) return ok();
      if (!pause()) return fail(ErrorCode::cancelled, "the server stops");
    }
  }

  Engines& engines_;
  const schema::Settings& settings_;
  const ChangeTables change_tables_;
  std::unique_ptr<NextTables> next_;
};

}  // namespace

std::unique_ptr<TableSuccession> embedded_succession(Engines& engines,
                                                     const schema::Settings& settings,
                                                     ChangeTables change_tables) {
  return std::make_unique<EmbeddedSuccession>(engines, settings, std::move(change_tables));
}

Result<bool> is_behind(const streams::EventLog& log, storage::TableStore& former,
                       storage::TableStore& next) {
  for (const auto where : processed_partitions(log)) {
    BB_ASSIGN_OR_RETURN(const auto before, processors::JobState::load(former, where));
    BB_ASSIGN_OR_RETURN(const auto now, processors::JobState::load(next, where));
    if (before && (!now || now->applied < before->applied)) return true;
  }
  return false;
}

bool wait_until_unused(const std::shared_ptr<storage::TableStore>& former, const Pause& pause) {
  while (former.use_count() > 1) {
    if (!pause()) return false;
  }
  return true;
}

}  // namespace bytebasket::app
