// What a case measures of its own process, and how it works in another one beside it.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::bench {

/// CPU time of all threads of this process.
inline double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// The most memory that this process ever held.
inline double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

[[noreturn]] inline void die(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::_Exit(2);
}

/// The value, or the end of the case with the error's message.
template <typename T>
T or_die(Result<T> result) {
  if (!result) die(result.error().message);
  return std::move(*result);
}
inline void or_die(const Status& status) {
  if (!status) die(status.error().message);
}

/// Does `work` in a process of its own, so that its time and memory are not measured. Before any
/// thread is started.
inline void apart(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child < 0) die("cannot start a process");
  if (child == 0) {
    work();
    std::_Exit(0);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child || status != 0) die("the work apart has failed");
}

/// The time of the events that are being appended, so that the log takes them as they happen.
class EventClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return timestamp_from_ms(ms_); }
  void set(Timestamp now) { ms_ = to_ms(now); }

 private:
  std::atomic<std::int64_t> ms_ = 0;
};

}  // namespace bytebasket::bench
