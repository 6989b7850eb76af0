// What every file store must do, whatever engine it is. An engine joins by instantiating
// FileStoreContract with a function that makes a FilesUnderTest.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/file_store.hpp"

namespace bytebasket::storage {

/// A place for files, empty at first. Destroying it removes what it stored.
class FilesUnderTest {
 public:
  virtual ~FilesUnderTest() = default;
  /// Opens it once more: several processes share one lake.
  virtual std::unique_ptr<FileStore> open() = 0;
};

struct FilesEngine {
  std::string name;
  std::function<std::unique_ptr<FilesUnderTest>()> make;
};
inline std::ostream& operator<<(std::ostream& out, const FilesEngine& engine) {
  return out << engine.name;
}

class FileStoreContract : public ::testing::TestWithParam<FilesEngine> {
 protected:
  FileStoreContract() : under_test_(GetParam().make()), files_(under_test_->open()) {}

  FileStore& files() { return *files_; }
  std::unique_ptr<FileStore> another() { return under_test_->open(); }

  void put(std::string_view path, std::string_view bytes) {
    const Status published = publish_file(*files_, path, bytes);
    ASSERT_TRUE(published) << published.error().message;
  }
  std::string get(std::string_view path) {
    auto bytes = files_->read(path, 0, 1 << 30);
    EXPECT_TRUE(bytes) << (bytes ? "" : bytes.error().message);
    return bytes.value_or("");
  }
  std::vector<FileEntry> list(std::string_view folder) {
    auto entries = files_->list(folder);
    EXPECT_TRUE(entries) << (entries ? "" : entries.error().message);
    return entries.value_or(std::vector<FileEntry>());
  }

 private:
  std::unique_ptr<FilesUnderTest> under_test_;
  std::unique_ptr<FileStore> files_;
};

}  // namespace bytebasket::storage
