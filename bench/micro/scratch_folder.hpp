// Where benchmarks store: BYTEBASKET_BENCH_DIR, else memory (/dev/shm), so that processor time is
// measured and not a disk.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <unistd.h>

namespace bytebasket::bench {

class ScratchFolder {
 public:
  ScratchFolder() {
    const char* base = std::getenv("BYTEBASKET_BENCH_DIR");
    std::string name =
        std::string(base != nullptr ? base : "/dev/shm") + "/bytebasket-bench-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace bytebasket::bench
