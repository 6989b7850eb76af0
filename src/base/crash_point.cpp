#include "base/crash_point.hpp"

#ifdef BYTEBASKET_CRASH_POINTS

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>

#include <unistd.h>

namespace bytebasket {
namespace {

struct Target {
  std::string name;
  long count = 0;
};

Target read_target() {
  const char* text = std::getenv("BYTEBASKET_CRASH_AT");
  if (text == nullptr) return {};
  const std::string spec(text);
  const auto colon = spec.rfind(':');
  if (colon == std::string::npos) return {spec, 1};
  return {spec.substr(0, colon), std::strtol(spec.c_str() + colon + 1, nullptr, 10)};
}

}  // namespace

void crash_point(std::string_view name) {
  static const Target target = read_target();
  static std::atomic<long> passed{0};
  if (target.name.empty() || name != target.name) return;
  if (passed.fetch_add(1) + 1 == target.count) ::kill(::getpid(), SIGKILL);
}

}  // namespace bytebasket

#endif
