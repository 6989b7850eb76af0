#include "storage/file_store.hpp"

#include <algorithm>

namespace bytebasket::storage {
namespace {

bool is_plain_name(std::string_view part) {
  return !part.empty() && part.front() != '.' && std::none_of(part.begin(), part.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20;
  });
}

}  // namespace

Status publish_file(FileStore& store, std::string_view path, std::string_view bytes) {
  BB_ASSIGN_OR_RETURN(const auto writer, store.create());
  BB_RETURN_IF_ERROR(writer->write(bytes));
  return writer->publish(path);
}

Status check_path(std::string_view path, bool root_allowed) {
  if (path.empty() && root_allowed) return ok();
  for (std::string_view rest = path;;) {
    const std::size_t slash = rest.find('/');
    if (!is_plain_name(rest.substr(0, slash))) {
      return fail(ErrorCode::invalid_argument,
                  "'" + std::string(path) +
                      "' is no path of the lake: it is relative, and none of "
                      "its parts is empty or begins with a dot");
    }
    if (slash == std::string_view::npos) return ok();
    rest.remove_prefix(slash + 1);
  }
}

}  // namespace bytebasket::storage
