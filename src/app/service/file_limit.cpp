#include "app/service/file_limit.hpp"

#include <algorithm>

#include <sys/resource.h>

#include "base/log.hpp"

namespace bytebasket::app {
namespace {

/// Log, tables and their spare ones keep at most 512 files open each; the rest is for sockets to
/// other servers.
constexpr std::size_t own_files = 2'048;

}  // namespace

std::size_t connections_within(std::size_t wanted, std::size_t files) {
  return std::max<std::size_t>(1, std::min(wanted, files - std::min(files / 2, own_files)));
}

std::size_t allow_connections(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  const rlim_t needed = wanted + own_files;
  if (limit.rlim_cur < needed && limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = std::min(limit.rlim_max, needed);
    if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  const std::size_t allowed = connections_within(wanted, limit.rlim_cur);
  if (allowed < wanted) {
    spdlog::warn(
        "{} of the {} connections of listen.max_connections are taken: only {} files may "
        "be open; raise that limit (`ulimit -n`, LimitNOFILE)",
        allowed, wanted, limit.rlim_cur);
  }
  return allowed;
}

}  // namespace bytebasket::app
