// The lake's files in HDFS, by WebHDFS: no Java in this process, and it passes HttpFS and Knox.
#pragma once

#include <memory>
#include <string>

#include "storage/file_store.hpp"
#include "storage/hdfs/hdfs_options.hpp"
#include "storage/hdfs/web_hdfs.hpp"

namespace bytebasket::storage {

/// Files on their way stand in the folder `.aside`; a rename gives them their names. What is
/// published is closed, and so on as many DataNodes as `dfs.namenode.replication.min` says.
class HdfsFiles final : public FileStore {
 public:
  /// Asks nobody yet: an HDFS that is away at the start is no reason not to start. Options without
  /// a NameNode, or with a folder that is not absolute, are `invalid_argument`.
  static Result<std::unique_ptr<HdfsFiles>> open(HdfsOptions options);

  Result<std::unique_ptr<FileWriter>> create() override;
  Result<std::string> read(std::string_view path, std::uint64_t offset,
                           std::uint64_t length) override;
  Result<std::uint64_t> size(std::string_view path) override;
  Result<std::vector<FileEntry>> list(std::string_view folder) override;
  Status remove(std::string_view path) override;
  Result<std::uint64_t> remove_abandoned(Timestamp before) override;
  [[nodiscard]] std::string describe() const override { return hdfs_->describe(); }

 private:
  explicit HdfsFiles(HdfsOptions options) : hdfs_(std::make_shared<WebHdfs>(std::move(options))) {}
  [[nodiscard]] std::string absolute(std::string_view path) const;

  std::shared_ptr<WebHdfs> hdfs_;  ///< shared with the writers, which may outlive the store
};

}  // namespace bytebasket::storage
