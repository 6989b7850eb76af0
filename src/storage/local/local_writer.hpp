// A file of a local lake on its way.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "storage/file_store.hpp"

namespace bytebasket::storage {

/// Makes a folder's entries durable.
Status sync_folder(const std::filesystem::path& folder);

class LocalWriter final : public FileWriter {
 public:
  static Result<std::unique_ptr<FileWriter>> create(std::filesystem::path root,
                                                    std::filesystem::path aside);
  ~LocalWriter() override;

  Status write(std::string_view bytes) override;
  Status publish(std::string_view path) override;

 private:
  LocalWriter(std::filesystem::path root, std::filesystem::path aside, int file)
      : root_(std::move(root)), aside_(std::move(aside)), file_(file) {}
  Status close();

  const std::filesystem::path root_;
  const std::filesystem::path aside_;
  int file_;
  bool published_ = false;
};

}  // namespace bytebasket::storage
