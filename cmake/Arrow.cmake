# Arrow C++ with Parquet, from the pyarrow wheel that scripts/setup.sh puts into .arrow (pinned in
# scripts/arrow-requirements.txt). Gives the target bytebasket_arrow. Programs find the libraries there by their run path,
# or in a folder `lib` beside themselves, where they are shipped elsewhere.
set(arrow_python ${PROJECT_SOURCE_DIR}/.arrow/bin/python)
if(NOT EXISTS ${arrow_python})
  message(FATAL_ERROR "BYTEBASKET_LAKE needs Arrow in .arrow: run scripts/setup.sh build, or configure with -DBYTEBASKET_LAKE=OFF")
endif()
execute_process(
  COMMAND ${arrow_python} -c "import pyarrow; print(pyarrow.get_include(), pyarrow.get_library_dirs()[0], pyarrow.cpp_version_info.major, sep=';')"
  OUTPUT_VARIABLE arrow_places OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
list(GET arrow_places 0 arrow_include)
list(GET arrow_places 1 arrow_lib)
list(GET arrow_places 2 arrow_major)

add_library(bytebasket_arrow INTERFACE)
target_include_directories(bytebasket_arrow SYSTEM INTERFACE ${arrow_include})
foreach(library parquet arrow)
  add_library(bytebasket_arrow_${library} SHARED IMPORTED)
  set_target_properties(bytebasket_arrow_${library} PROPERTIES
    IMPORTED_LOCATION ${arrow_lib}/lib${library}.so.${arrow_major}00
    IMPORTED_SONAME lib${library}.so.${arrow_major}00)
  target_link_libraries(bytebasket_arrow INTERFACE bytebasket_arrow_${library})
endforeach()
target_link_options(bytebasket_arrow INTERFACE "LINKER:-rpath-link,${arrow_lib}")
