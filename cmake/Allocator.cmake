# The target bytebasket_allocator, for programs: malloc and operator new are jemalloc's. Batches are made in one thread and
# freed in another, by the hundred thousand and up to some MiB each; the C library's arenas hand such memory back to the system
# and take it again page by page. Link it first: who stands first on the command line is who serves the program.
# The sanitizers bring an allocator of their own.
add_library(bytebasket_allocator INTERFACE)
if(NOT BYTEBASKET_SANITIZE)
  pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)
  target_link_libraries(bytebasket_allocator INTERFACE PkgConfig::jemalloc)
endif()
