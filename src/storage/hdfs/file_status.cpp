#include "storage/hdfs/file_status.hpp"

#include <nlohmann/json.hpp>

namespace bytebasket::storage {
namespace {

using Json = nlohmann::json;

/// Reads with what throws where the answer is another than the documentation says.
template <typename T, typename Read>
Result<T> read(std::string_view text, Read read_json) {
  try {
    return read_json(Json::parse(text));
  } catch (const Json::exception& error) {
    return fail(ErrorCode::internal,
                "WebHDFS answered what it should not: " + std::string(text.substr(0, 200)));
  }
}

FileStatus status_of(const Json& json) {
  return {.name = json.at("pathSuffix").get<std::string>(),
          .folder = json.at("type").get<std::string>() == "DIRECTORY",
          .size = json.at("length").get<std::uint64_t>(),
          .modified = timestamp_from_ms(json.at("modificationTime").get<std::int64_t>())};
}

}  // namespace

Result<bool> read_boolean(std::string_view json) {
  return read<bool>(json, [](const Json& answer) { return answer.at("boolean").get<bool>(); });
}

Result<FileStatus> read_status(std::string_view json) {
  return read<FileStatus>(json,
                          [](const Json& answer) { return status_of(answer.at("FileStatus")); });
}

Result<FileStatusPage> read_statuses(std::string_view json) {
  return read<FileStatusPage>(json, [](const Json& answer) {
    const Json& listing = answer.at("DirectoryListing");
    FileStatusPage page;
    page.more = listing.at("remainingEntries").get<std::int64_t>() > 0;
    for (const Json& status : listing.at("partialListing").at("FileStatuses").at("FileStatus"))
      page.statuses.push_back(status_of(status));
    return page;
  });
}

}  // namespace bytebasket::storage
