#include "rocks/store_folder.hpp"

#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/errno_message.hpp"

namespace bytebasket::rocks {
namespace {

constexpr std::string_view format_file = "bytebasket.format";
constexpr std::string_view owner_file = "bytebasket.owner";

std::string path_of(const std::string& folder, std::string_view file) {
  return folder + "/" + std::string(file);
}

Error system_error(int error, std::string_view doing, const std::string& path) {
  const ErrorCode code = error == ENOSPC || error == EDQUOT ? ErrorCode::resource_exhausted
                         : error == EACCES || error == EPERM || error == EROFS
                             ? ErrorCode::permission_denied
                             : ErrorCode::unavailable;
  return {code, "cannot " + std::string(doing) + " " + path + ": " + errno_message(error)};
}

/// Writes the whole text, or says why not.
Status write_all(int file, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(system_error(errno, "write", path));
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file) != 0) return fail(system_error(errno, "write", path));
  return ok();
}

Status sync_folder(const std::string& folder) {
  const int handle = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (handle < 0) return fail(system_error(errno, "open", folder));
  const int synced = ::fsync(handle);
  const int error = errno;
  ::close(handle);
  if (synced != 0) return fail(system_error(error, "write", folder));
  return ok();
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string to_text(const FolderFormat& format) {
  std::string text = "kind: " + format.kind + "\nversion: " + std::to_string(format.version) + "\n";
  for (const auto& [name, value] : format.facts) {
    text += name + ": " + std::to_string(value) + "\n";
  }
  return text;
}

std::optional<std::int64_t> to_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Result<FolderFormat> parse_format(const std::string& text, const std::string& path) {
  FolderFormat format;
  format.version = 0;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(": ");
    const std::string name = line.substr(0, colon);
    const std::string value = colon == std::string::npos ? "" : line.substr(colon + 2);
    if (name == "kind") {
      format.kind = value;
      continue;
    }
    const auto number = to_number(value);
    if (!number) {
      std::string problem = path;
      problem.append(": '").append(line).append("' is no line of a format file");
      return fail(ErrorCode::corrupt, std::move(problem));
    }
    if (name == "version") {
      format.version = *number;
    } else {
      format.facts[name] = *number;
    }
  }
  if (format.kind.empty() || format.version < 1) {
    return fail(ErrorCode::corrupt, path + ": kind or version is missing");
  }
  return format;
}

Status check(const FolderFormat& found, const FolderFormat& wanted, const std::string& folder) {
  if (found.kind != wanted.kind) {
    return fail(ErrorCode::invalid_argument, "folder " + folder + " holds '" + found.kind +
                                                 "', not '" + wanted.kind +
                                                 "': name another folder");
  }
  if (found.version > wanted.version) {
    return fail(ErrorCode::invalid_argument,
                "folder " + folder + " was written in version " + std::to_string(found.version) +
                    " of the format '" + found.kind + "', and this program knows only version " +
                    std::to_string(wanted.version) + ": use a newer ByteBasket");
  }
  return ok();
}

}  // namespace

Status replace_file(const std::string& folder, std::string_view name, std::string_view text) {
  const std::string path = path_of(folder, name);
  const std::string aside = path + ".new";
  const int file = ::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return fail(system_error(errno, "create", aside));
  const Status written = write_all(file, text, aside);
  ::close(file);
  BB_RETURN_IF_ERROR(written);
  if (::rename(aside.c_str(), path.c_str()) != 0) {
    return fail(system_error(errno, "create", path));
  }
  return sync_folder(folder);
}

Result<FolderFormat> claim_folder(const std::string& folder, const FolderFormat& wanted) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(system_error(error.value(), "create folder", folder));

  const std::string path = path_of(folder, format_file);
  if (const auto text = read_file(path)) {
    BB_ASSIGN_OR_RETURN(FolderFormat found, parse_format(*text, path));
    BB_RETURN_IF_ERROR(check(found, wanted, folder));
    return found;
  }
  if (std::filesystem::exists(folder + "/CURRENT", error)) {
    return fail(ErrorCode::invalid_argument,
                "folder " + folder + " holds a RocksDB database that is not ByteBasket's (" +
                    std::string(format_file) + " is missing): name another folder");
  }
  BB_RETURN_IF_ERROR(replace_file(folder, format_file, to_text(wanted)));
  return wanted;
}

Status note_owner(const std::string& folder) {
  return replace_file(folder, owner_file, std::to_string(::getpid()) + "\n");
}

std::string describe_owner(const std::string& folder) {
  std::string text = read_file(path_of(folder, owner_file)).value_or("");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  const auto pid = to_number(text);
  if (!pid) return "another process";
  if (*pid == ::getpid()) return "this process";
  return "process " + std::to_string(*pid);
}

}  // namespace bytebasket::rocks
