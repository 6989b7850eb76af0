// What the topics were like when the cluster was last seen, kept on this machine's disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace bytebasket::streams::kafka {

struct SeenTopic {
  std::string name;
  std::int32_t partitions = 0;
  bool operator==(const SeenTopic&) const = default;
};

/// A line for each topic: `bytebasket.transactions.v1 1`. Written whole or not at all.
Status remember_topics(const std::filesystem::path& file, const std::vector<SeenTopic>& topics);

/// `not_found` where there is no such file.
Result<std::vector<SeenTopic>> remembered_topics(const std::filesystem::path& file);

}  // namespace bytebasket::streams::kafka
