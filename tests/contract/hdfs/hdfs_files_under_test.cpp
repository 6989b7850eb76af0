#include <atomic>
#include <chrono>

#include "contract/file_store_contract.hpp"
#include "storage/hdfs/hdfs_files.hpp"
#include "storage/hdfs/web_hdfs.hpp"
#include "support/test_server.hpp"

namespace bytebasket::storage {
namespace {

/// In a folder of its own.
HdfsOptions options() {
  static std::atomic<int> count = 0;
  const auto now = std::chrono::system_clock::now().time_since_epoch().count();
  HdfsOptions options;
  const std::string address = testing::test_server("BYTEBASKET_TEST_HDFS");
  if (!address.empty()) options.name_nodes = {address};
  options.folder = "/test/" + std::to_string(now) + "-" + std::to_string(++count);
  options.user = "bytebasket-test";
  options.chunk_bytes = 1 << 20;
  options.block_size = 2 << 20;
  options.replication = 1;
  return options;
}

class HdfsFilesUnderTest final : public FilesUnderTest {
 public:
  explicit HdfsFilesUnderTest(HdfsOptions options) : options_(std::move(options)) {}
  ~HdfsFilesUnderTest() override {
    WebHdfs hdfs(options_);
    EXPECT_TRUE(hdfs.call({.method = "DELETE",
                           .path = options_.folder,
                           .operation = "DELETE",
                           .parameters = {{"recursive", "true"}}}));
  }

  std::unique_ptr<FileStore> open() override {
    auto files = HdfsFiles::open(options_);
    EXPECT_TRUE(files) << (files ? "" : files.error().message)
                       << " (start the servers with deploy/local/servers.py, set "
                          "BYTEBASKET_TEST_HDFS)";
    return files ? std::move(*files) : nullptr;
  }

 private:
  const HdfsOptions options_;
};

const FilesEngine hdfs{"hdfs", [] { return std::make_unique<HdfsFilesUnderTest>(options()); }};

/// The first address is nobody's: as where a NameNode is down.
const FilesEngine second_name_node{"second_name_node", [] {
                                     HdfsOptions with_dead = options();
                                     with_dead.name_nodes.insert(with_dead.name_nodes.begin(),
                                                                 "http://127.0.0.1:1");
                                     return std::make_unique<HdfsFilesUnderTest>(with_dead);
                                   }};

INSTANTIATE_TEST_SUITE_P(Hdfs, FileStoreContract, ::testing::Values(hdfs, second_name_node));

}  // namespace
}  // namespace bytebasket::storage
