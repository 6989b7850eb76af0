#include "app/engines/scratch_tables.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "base/errno_message.hpp"
#include "storage/embedded/embedded_tables.hpp"

namespace bytebasket::app {
namespace {

/// A folder that goes with whoever made it.
class ScratchFolder {
 public:
  static Result<std::unique_ptr<ScratchFolder>> make(const std::filesystem::path& parent) {
    std::string path = parent / "bytebasket-scratch-XXXXXX";
    if (::mkdtemp(path.data()) == nullptr) {
      return fail(ErrorCode::unavailable, "cannot create " + path + ": " + errno_message(errno) +
                                              ": name another folder with --scratch");
    }
    return std::unique_ptr<ScratchFolder>(new ScratchFolder(std::move(path)));
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path path_;
};

class EmbeddedScratch final : public verification::Scratch {
 public:
  EmbeddedScratch(std::unique_ptr<ScratchFolder> folder, ScratchMemory memory)
      : folder_(std::move(folder)),
        tables_([this, memory] { return open(memory.beneath); }, memory.held, clock_) {}

  verification::HeldTables& tables() override { return tables_; }
  verification::ScratchClock& clock() override { return clock_; }

 private:
  Result<verification::TablesBeneath> open(std::size_t memory_bytes) {
    BB_ASSIGN_OR_RETURN(auto tables,
                        storage::EmbeddedTables::open({.folder = folder_->path() / "tables",
                                                       .memory_bytes = memory_bytes,
                                                       .survives_crash = false,
                                                       .clock = &clock_}));
    storage::EmbeddedTables& opened = *tables;
    return verification::TablesBeneath{std::move(tables), [&opened](const storage::NextRow& next) {
                                         return opened.write_sorted(next);
                                       }};
  }

  const std::unique_ptr<ScratchFolder> folder_;
  verification::ScratchClock clock_;
  verification::HeldTables tables_;
};

}  // namespace

verification::MakeScratch scratch_tables(std::string parent, ScratchMemory memory) {
  return [parent = std::move(parent), memory]() -> Result<std::unique_ptr<verification::Scratch>> {
    std::error_code ignored;
    const std::filesystem::path place = parent.empty()
                                            ? std::filesystem::temp_directory_path(ignored)
                                            : std::filesystem::path(parent);
    // Beforehand, so that a folder that cannot be made is known before the work.
    BB_ASSIGN_OR_RETURN(auto folder, ScratchFolder::make(place));
    return std::make_unique<EmbeddedScratch>(std::move(folder), memory);
  };
}

}  // namespace bytebasket::app
