#include "base/memory.hpp"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace bytebasket {

void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kept = 64 << 20;
  constexpr int largest_kept = 32 << 20;
  // NOLINTBEGIN(concurrency-mt-unsafe): there is no other thread yet
  mallopt(M_TRIM_THRESHOLD, kept);
  mallopt(M_MMAP_THRESHOLD, largest_kept);
  // NOLINTEND(concurrency-mt-unsafe)
#endif
}

}  // namespace bytebasket
