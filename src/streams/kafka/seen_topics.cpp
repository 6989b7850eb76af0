#include "streams/kafka/seen_topics.hpp"

#include <fstream>
#include <system_error>

namespace bytebasket::streams::kafka {

Status remember_topics(const std::filesystem::path& file, const std::vector<SeenTopic>& topics) {
  std::filesystem::path next = file;
  next += ".new";
  {
    std::ofstream out(next);
    for (const SeenTopic& topic : topics) out << topic.name << ' ' << topic.partitions << '\n';
    out.close();
    if (!out) return fail(ErrorCode::unavailable, "cannot write " + next.string());
  }
  std::error_code failed;
  std::filesystem::rename(next, file, failed);
  if (failed)
    return fail(ErrorCode::unavailable, "cannot write " + file.string() + ": " + failed.message());
  return ok();
}

Result<std::vector<SeenTopic>> remembered_topics(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return fail(ErrorCode::not_found, "there is no " + file.string());
  std::vector<SeenTopic> topics;
  SeenTopic topic;
  // Former versions wrote more into a line.
  for (std::string more; in >> topic.name >> topic.partitions && std::getline(in, more);)
    topics.push_back(topic);
  return topics;
}

}  // namespace bytebasket::streams::kafka
