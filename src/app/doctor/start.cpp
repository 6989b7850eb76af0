#include <filesystem>
#include <string>
#include <utility>

#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/configuration/documents.hpp"
#include "app/doctor/doctor.hpp"
#include "app/engines/engines.hpp"
#include "http/server.hpp"

namespace bytebasket::app {
namespace {

/// The folder itself, or the nearest one above it that is there already.
std::filesystem::path existing_folder(const std::string& folder) {
  std::filesystem::path existing = std::filesystem::absolute(folder);
  while (!std::filesystem::exists(existing) && existing.has_relative_path())
    existing = existing.parent_path();
  return existing;
}

Finding look_at_disk(const std::string& folder) {
  struct statvfs disk{};
  const std::filesystem::path existing = existing_folder(folder);
  if (::statvfs(existing.c_str(), &disk) != 0)
    return {"disk", false, existing.string() + " cannot be looked at"};
  const auto free_mib = disk.f_bavail * disk.f_frsize / (1 << 20);
  constexpr std::uint64_t wanted_mib = 1024;
  return {"disk", free_mib >= wanted_mib,
          std::to_string(free_mib) + " MiB free at " + existing.string() +
              (free_mib >= wanted_mib
                   ? ""
                   : "; make at least 1024 MiB free or choose another --data folder")};
}

Finding look_at_files() {
  struct rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  constexpr std::uint64_t wanted = 1024;
  return {"open files", limit.rlim_cur >= wanted,
          "limit " + std::to_string(limit.rlim_cur) +
              (limit.rlim_cur >= wanted ? "" : "; raise it with ulimit -n 65536")};
}

Finding look_at_folder(const schema::Settings& settings) {
  // Opening what other processes share would change it; only the embedded engines are a folder's
  // own.
  if (settings.streams.engine != "embedded" || settings.storage.engine != "embedded") {
    const std::string existing = existing_folder(settings.data.dir).string();
    const bool writable = ::access(existing.c_str(), W_OK) == 0;
    return {
        "data folder", writable,
        existing + (writable ? " can be written"
                             : " may not be written by this user; change its owner, or data.dir")};
  }
  Counters counters;
  const auto engines = open_engines(settings, counters);
  if (!engines) return {"data folder", false, engines.error().message};
  return {"data folder", true, settings.data.dir + " opens, no other process serves it"};
}

Finding look_at_port(const schema::Settings& settings) {
  http::Server server({.address = settings.listen.address,
                       .port = static_cast<std::uint16_t>(settings.listen.port)});
  const auto started = server.start();
  const std::string where = settings.listen.address + ":" + std::to_string(settings.listen.port);
  if (!started) return {"port", false, started.error().message};
  server.stop();
  return {"port", true, where + " is free"};
}

Finding look_at_documents(const schema::Settings& settings) {
  const auto documents = read_documents(settings);
  if (!documents) return {"definitions", false, documents.error().message};
  return {
      "definitions", true,
      std::to_string(documents->metrics.all().size()) + " metrics and the fraud rules are valid"};
}

}  // namespace

Findings look_at_start(const schema::Settings& settings) {
  Findings findings{look_at_disk(settings.data.dir), look_at_files(), look_at_documents(settings)};
  for (Finding& finding : look_at_servers(settings)) findings.push_back(std::move(finding));
  findings.push_back(look_at_folder(settings));
  findings.push_back(look_at_port(settings));
  return findings;
}

}  // namespace bytebasket::app
