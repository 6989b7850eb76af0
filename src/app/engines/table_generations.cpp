#include "app/engines/table_generations.hpp"

#include <charconv>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "rocks/store_folder.hpp"

namespace bytebasket::app {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view first_generation = "tables";
constexpr std::string_view pointer = "tables.current";

/// The number of a generation by its folder's name: `tables` is 1, `tables-7` is 7.
std::optional<int> generation_of(std::string_view name) {
  if (name == first_generation) return 1;
  if (!name.starts_with("tables-")) return std::nullopt;
  name.remove_prefix(7);
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size() || number < 2) return std::nullopt;
  return number;
}

/// Without the file the first generation serves; but not where it is gone and a later one is there.
Status check_first(const fs::path& data) {
  std::error_code none;
  if (fs::exists(data / first_generation, none)) return ok();
  for (const auto& entry : fs::directory_iterator(data, none)) {
    const std::string name = entry.path().filename().string();
    if (!generation_of(name)) continue;
    return fail(ErrorCode::corrupt, (data / pointer).string() + " is missing beside " + name +
                                        ": restore it (its one line is the name of the folder "
                                        "that serves)");
  }
  return ok();
}

Result<std::string> current_name(const fs::path& data) {
  std::error_code none;
  if (!fs::exists(data / pointer, none)) {
    BB_RETURN_IF_ERROR(check_first(data));
    return std::string(first_generation);
  }
  std::ifstream file(data / pointer, std::ios::binary);
  std::string name;
  std::getline(file, name);
  if (!generation_of(name) || !fs::is_directory(data / name)) {
    return fail(ErrorCode::corrupt, (data / pointer).string() + " names '" + name +
                                        "', which is no folder of tables beside it: restore the "
                                        "data folder, or remove the file and rebuild");
  }
  return name;
}

}  // namespace

Result<fs::path> current_tables(const fs::path& data) {
  BB_ASSIGN_OR_RETURN(const std::string name, current_name(data));
  return data / name;
}

Result<fs::path> next_tables(const fs::path& data) {
  BB_ASSIGN_OR_RETURN(const std::string name, current_name(data));
  fs::path folder = data / ("tables-" + std::to_string(*generation_of(name) + 1));
  std::error_code failed;
  fs::remove_all(folder, failed);
  if (failed) {
    return fail(ErrorCode::unavailable,
                "cannot remove " + folder.string() +
                    ", which an interrupted rebuild left: " + failed.message());
  }
  return folder;
}

Status publish_tables(const fs::path& data, const fs::path& folder) {
  return rocks::replace_file(data.string(), pointer, folder.filename().string() + "\n");
}

void remove_former_tables(const fs::path& data) {
  const auto current = current_name(data);
  if (!current) return;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(data, failed)) {
    const std::string name = entry.path().filename().string();
    if (name == *current || !generation_of(name)) continue;
    fs::remove_all(entry.path(), failed);
    if (failed) spdlog::warn("cannot remove {}: {}", entry.path().string(), failed.message());
  }
}

}  // namespace bytebasket::app
