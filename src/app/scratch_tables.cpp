#include "app/scratch_tables.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "storage/embedded/embedded_tables.hpp"

namespace bytebasket::app {
namespace {

class EmbeddedScratch final : public verification::Scratch {
 public:
  static Result<std::unique_ptr<verification::Scratch>> make(const std::filesystem::path& parent,
                                                             std::size_t memory_bytes) {
    std::string folder = parent / "bytebasket-scratch-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) {
      return fail(ErrorCode::unavailable, "cannot create " + folder + ": " + std::strerror(errno) +
                                              ": name another folder with --scratch");
    }
    std::unique_ptr<EmbeddedScratch> scratch(new EmbeddedScratch(std::move(folder)));
    BB_ASSIGN_OR_RETURN(scratch->tables_,
                        storage::EmbeddedTables::open({.folder = scratch->folder_ / "tables",
                                                       .memory_bytes = memory_bytes,
                                                       .survives_crash = false,
                                                       .clock = &scratch->clock_}));
    return scratch;
  }

  ~EmbeddedScratch() override {
    tables_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  EmbeddedScratch(const EmbeddedScratch&) = delete;
  EmbeddedScratch& operator=(const EmbeddedScratch&) = delete;

  storage::TableStore& tables() override { return *tables_; }
  verification::ScratchClock& clock() override { return clock_; }

 private:
  explicit EmbeddedScratch(std::filesystem::path folder) : folder_(std::move(folder)) {}

  const std::filesystem::path folder_;
  verification::ScratchClock clock_;
  std::unique_ptr<storage::TableStore> tables_;
};

}  // namespace

verification::MakeScratch scratch_tables(std::string parent, std::size_t memory_bytes) {
  return [parent = std::move(parent), memory_bytes] {
    std::error_code ignored;
    const std::filesystem::path place = parent.empty()
                                            ? std::filesystem::temp_directory_path(ignored)
                                            : std::filesystem::path(parent);
    return EmbeddedScratch::make(place, memory_bytes);
  };
}

}  // namespace bytebasket::app
