# Makes a folder's files part of the program.
#
#   bytebasket_embed_assets(TARGET name FOLDER folder)
#
# The library NAME has `std::span<const analytics::Asset> bytebasket::web::assets()` in the header web/assets.hpp: the
# folder's files as they stand at build time, none where there is no folder. It is built anew when a file changes; CMake
# looks for added and removed ones at each build.
function(bytebasket_embed_assets)
  cmake_parse_arguments(ARG "" "TARGET;FOLDER" "" ${ARGN})
  set(generated ${PROJECT_BINARY_DIR}/generated/web)
  file(GLOB_RECURSE assets CONFIGURE_DEPENDS ${ARG_FOLDER}/*)
  add_custom_command(
    OUTPUT ${generated}/assets.hpp ${generated}/assets.cpp ${generated}/assets.S
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/cmake/embed_assets.py ${ARG_FOLDER} ${generated}
    DEPENDS ${assets} ${PROJECT_SOURCE_DIR}/cmake/embed_assets.py
    COMMENT "Embedding ${ARG_FOLDER}"
    VERBATIM)
  add_library(${ARG_TARGET} STATIC ${generated}/assets.cpp ${generated}/assets.S)
  # The assembler does not see that what it includes has changed.
  set_source_files_properties(${generated}/assets.S PROPERTIES OBJECT_DEPENDS "${assets}")
  target_include_directories(${ARG_TARGET} PUBLIC ${PROJECT_BINARY_DIR}/generated ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${ARG_TARGET} PUBLIC bytebasket_base)
endfunction()
