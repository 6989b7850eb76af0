// Where benchmarks store: BYTEBASKET_BENCH_DIR, else memory (/dev/shm), so that processor time is
// measured and not a disk.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "base/temporary_folder.hpp"

namespace bytebasket::bench {

inline TemporaryFolder scratch_folder() {
  const char* place = std::getenv("BYTEBASKET_BENCH_DIR");
  auto folder = TemporaryFolder::make("bytebasket-bench", place != nullptr ? place : "/dev/shm");
  if (!folder) {
    std::fprintf(stderr, "%s\n", folder.error().message.c_str());
    std::abort();
  }
  return std::move(*folder);
}

}  // namespace bytebasket::bench
