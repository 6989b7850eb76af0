#include "base/memory.hpp"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace bytebasket {

void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kept = 64 << 20;
  constexpr int largest_kept = 32 << 20;
  mallopt(M_TRIM_THRESHOLD, kept);
  mallopt(M_MMAP_THRESHOLD, largest_kept);
#endif
}

}  // namespace bytebasket
