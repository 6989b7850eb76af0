// The lake's files in a folder of this machine.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

#include "storage/file_store.hpp"

namespace bytebasket::storage {

/// Files on their way stand in the folder `.aside`, so the same file system renames them. What is
/// published is fsynced before, its folders after.
class LocalFiles final : public FileStore {
 public:
  /// Makes the folder where it is not there.
  static Result<std::unique_ptr<LocalFiles>> open(const std::filesystem::path& folder);

  Result<std::unique_ptr<FileWriter>> create() override;
  Result<std::string> read(std::string_view path, std::uint64_t offset,
                           std::uint64_t length) override;
  Result<std::uint64_t> size(std::string_view path) override;
  Result<std::vector<FileEntry>> list(std::string_view folder) override;
  Status remove(std::string_view path) override;
  Result<std::uint64_t> remove_abandoned(Timestamp before) override;
  [[nodiscard]] std::string describe() const override { return root_.string(); }

 private:
  explicit LocalFiles(std::filesystem::path root) : root_(std::move(root)) {}
  [[nodiscard]] std::filesystem::path aside(std::string_view purpose);

  const std::filesystem::path root_;
  std::atomic<std::uint64_t> number_{0};
};

}  // namespace bytebasket::storage
