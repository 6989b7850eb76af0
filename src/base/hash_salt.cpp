#include "base/hash_salt.hpp"

#include <random>

namespace bytebasket {

std::uint64_t random_salt() {
  std::random_device random;
  return static_cast<std::uint64_t>(random()) << 32 | random();
}

}  // namespace bytebasket
