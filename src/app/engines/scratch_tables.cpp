#include "app/engines/scratch_tables.hpp"

#include <utility>

#include "base/temporary_folder.hpp"
#include "storage/embedded/embedded_tables.hpp"

namespace bytebasket::app {
namespace {

class EmbeddedScratch final : public verification::Scratch {
 public:
  EmbeddedScratch(TemporaryFolder folder, ScratchMemory memory)
      : folder_(std::move(folder)),
        tables_([this, memory] { return open(memory.beneath); }, memory.held, clock_) {}

  verification::HeldTables& tables() override { return tables_; }
  verification::ScratchClock& clock() override { return clock_; }

 private:
  Result<verification::TablesBeneath> open(std::size_t memory_bytes) {
    BB_ASSIGN_OR_RETURN(auto tables, storage::EmbeddedTables::open({.folder = folder_ / "tables",
                                                                    .memory_bytes = memory_bytes,
                                                                    .survives_crash = false,
                                                                    .clock = &clock_}));
    storage::EmbeddedTables& opened = *tables;
    return verification::TablesBeneath{std::move(tables), [&opened](const storage::NextRow& next) {
                                         return opened.write_sorted(next);
                                       }};
  }

  const TemporaryFolder folder_;
  verification::ScratchClock clock_;
  verification::HeldTables tables_;
};

}  // namespace

verification::MakeScratch scratch_tables(std::string parent, ScratchMemory memory) {
  return [parent = std::move(parent), memory]() -> Result<std::unique_ptr<verification::Scratch>> {
    // Beforehand, so that a folder that cannot be made is known before the work.
    auto folder = TemporaryFolder::make("bytebasket-scratch", parent);
    if (!folder) {
      return fail(folder.error().code,
                  folder.error().message + ": name another folder with --scratch");
    }
    return std::make_unique<EmbeddedScratch>(std::move(*folder), memory);
  };
}

}  // namespace bytebasket::app
