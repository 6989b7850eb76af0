// A file of an HDFS lake on its way.
#pragma once

#include <memory>
#include <string>

#include "storage/file_store.hpp"
#include "storage/hdfs/web_hdfs.hpp"

namespace bytebasket::storage {

/// Sends the file in chunks: the first creates it, others are appended, all aside. A small file is
/// one call.
class HdfsWriter final : public FileWriter {
 public:
  /// `aside` is absolute.
  HdfsWriter(std::shared_ptr<WebHdfs> hdfs, std::string aside)
      : hdfs_(std::move(hdfs)), aside_(std::move(aside)) {}
  ~HdfsWriter() override;

  Status write(std::string_view bytes) override;
  Status publish(std::string_view path) override;

 private:
  Status send();
  Status rename(const std::string& target);
  Result<bool> exists(const std::string& path);

  const std::shared_ptr<WebHdfs> hdfs_;
  const std::string aside_;
  std::string pending_;
  bool created_ = false;
  bool published_ = false;
};

}  // namespace bytebasket::storage
