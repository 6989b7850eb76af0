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
# Its libraries stand last on every command line that links a program, for whoever needs them. The wheel's libparquet exports
# what was linked into it too: an OpenSSL and a simdjson of other versions than Debian's, whose place it would take for the
# whole program wherever it comes before them. tests/scenarios/link_order_test.py holds the program against that.
set(arrow_libraries "${arrow_lib}/libparquet.so.${arrow_major}00 ${arrow_lib}/libarrow.so.${arrow_major}00")
string(APPEND CMAKE_CXX_STANDARD_LIBRARIES " -Wl,--push-state,--as-needed ${arrow_libraries} -Wl,--pop-state")
list(APPEND CMAKE_BUILD_RPATH ${arrow_lib})
