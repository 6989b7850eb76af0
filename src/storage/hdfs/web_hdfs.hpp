// WebHDFS, call by call: finds the NameNode that serves, follows to the DataNode, tries again.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "storage/hdfs/hdfs_options.hpp"

namespace bytebasket::storage {

/// One call. Parameters are escaped here.
struct WebHdfsCall {
  std::string_view method;  ///< GET, PUT, POST, DELETE
  std::string path;         ///< absolute, unescaped
  std::string_view operation;
  std::vector<std::pair<std::string_view, std::string>> parameters = {};
  /// What the DataNode is sent, where the call sends data.
  std::string_view body = {};
  bool sends = false;
  /// May be done twice without harm. Where it may not, an answer that does not come is `timed_out`.
  bool repeatable = true;
};

/// Thread-safe.
class WebHdfs {
 public:
  explicit WebHdfs(HdfsOptions options);
  ~WebHdfs();

  /// The body of the answer. `not_found`, `already_exists`, `permission_denied` as the NameNode
  /// says; `unavailable` when none has served the call within the patience.
  Result<std::string> call(const WebHdfsCall& call);

  [[nodiscard]] const HdfsOptions& options() const { return options_; }
  [[nodiscard]] std::string describe() const;

 private:
  class Connection;
  struct Attempt;

  std::unique_ptr<Connection> borrow();
  void give_back(std::unique_ptr<Connection> connection);
  Attempt attempt(Connection& connection, const WebHdfsCall& call,
                  std::string_view name_node) const;
  [[nodiscard]] std::string url_of(const WebHdfsCall& call, std::string_view name_node) const;

  const HdfsOptions options_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t serving_ = 0;  ///< the NameNode that answered last
};

}  // namespace bytebasket::storage
