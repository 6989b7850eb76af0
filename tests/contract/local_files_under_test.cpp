#include "contract/file_store_contract.hpp"
#include "storage/local/local_files.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::storage {
namespace {

class LocalFilesUnderTest final : public FilesUnderTest {
 public:
  std::unique_ptr<FileStore> open() override {
    auto files = LocalFiles::open(folder_ / "lake");
    EXPECT_TRUE(files) << (files ? "" : files.error().message);
    return files ? std::move(*files) : nullptr;
  }

 private:
  TemporaryFolder folder_ = testing::temporary_folder();
};

const FilesEngine local{"local", [] { return std::make_unique<LocalFilesUnderTest>(); }};

INSTANTIATE_TEST_SUITE_P(Local, FileStoreContract, ::testing::Values(local));

}  // namespace
}  // namespace bytebasket::storage
