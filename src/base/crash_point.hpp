// Named places where the fault tests kill the process, as `kill -9` would, to prove that nothing is
// lost or counted twice there. Compiled in only with BYTEBASKET_CRASH_POINTS (the `dev` preset):
// the release binary has none.
//
// The environment variable BYTEBASKET_CRASH_AT="name:count" kills at the count-th passage of the
// point `name`.
#pragma once

#include <string_view>

namespace bytebasket {

#ifdef BYTEBASKET_CRASH_POINTS
/// Counts a passage of `name`; does not return when it is the one to die at. Thread-safe.
void crash_point(std::string_view name);
#else
inline void crash_point(std::string_view) {}
#endif

}  // namespace bytebasket
