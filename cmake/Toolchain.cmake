# Flags that every target shares: warnings are errors, sanitizers by preset, a fast linker where there is one.
add_library(bytebasket_flags INTERFACE)
target_compile_options(bytebasket_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Werror
  # Designated initialisers leave the other members at their defaults on purpose.
  -Wno-missing-field-initializers
  -fno-omit-frame-pointer
  # A fused multiply-add would round once where another machine rounds twice: results must agree to the last bit.
  -ffp-contract=off)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports both for correct code in <string>, <regex> and coroutine frames at -O2 (GCC bugs 105329, 105651).
  target_compile_options(bytebasket_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # libstdc++ 12's stable_sort uses a function that it has deprecated itself, and clang says so wherever it is used; what of
  # ours uses something deprecated is g++'s to report.
  target_compile_options(bytebasket_flags INTERFACE -Wno-deprecated-declarations)
endif()

if(BYTEBASKET_SANITIZE)
  target_compile_options(bytebasket_flags INTERFACE -fsanitize=${BYTEBASKET_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(bytebasket_flags INTERFACE -fsanitize=${BYTEBASKET_SANITIZE})
endif()

if(BYTEBASKET_FUZZ)
  # libFuzzer finds its way by the coverage of the code under test, so all of ours reports it.
  target_compile_options(bytebasket_flags INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(bytebasket_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(BYTEBASKET_CRASH_POINTS)
  target_compile_definitions(bytebasket_flags INTERFACE BYTEBASKET_CRASH_POINTS=1)
endif()

find_program(BYTEBASKET_MOLD mold)
if(BYTEBASKET_MOLD)
  target_link_options(bytebasket_flags INTERFACE -fuse-ld=mold)
endif()

find_program(BYTEBASKET_CCACHE ccache)
if(BYTEBASKET_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths below the checkout are hashed relative to it: a fresh clone anywhere on the machine finds what another compiled.
  set(launcher env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${BYTEBASKET_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
