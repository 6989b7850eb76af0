# One static library for each folder of src, and one test program of the *_test.cpp files that stand beside its code.
#
#   bytebasket_module(NAME folder [PUBLIC target...] [PRIVATE target...])
#
# PUBLIC names what the folder's headers need, PRIVATE what only its .cpp files need: a client library's headers must
# stay in the .cpp files of the engine that wraps it. Files of the folder itself (not of its sub-folders) are taken up,
# but for main.cpp, which is a program's.
include(GoogleTest)

# How long a test may take before it is ended as one that hangs: so long that a slow or busy machine fails none.
set(BYTEBASKET_TEST_SECONDS 600)

function(bytebasket_module name)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE;TEST" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  if(tests)
    list(REMOVE_ITEM sources ${tests})
  endif()
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  set(target bytebasket_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE bytebasket_flags ${ARG_PRIVATE})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} ${scope} ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
  target_link_libraries(${target} ${scope} ${ARG_PUBLIC})
  add_dependencies(${target} bytebasket_schema)
  if(BYTEBASKET_TESTS AND tests)
    add_executable(${name}_tests ${tests})
    target_include_directories(${name}_tests PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_link_libraries(${name}_tests PRIVATE ${target} bytebasket_flags ${ARG_PRIVATE} ${ARG_TEST} GTest::gmock_main)
    gtest_discover_tests(${name}_tests TEST_PREFIX "${name}." DISCOVERY_TIMEOUT 300 PROPERTIES LABELS unit TIMEOUT ${BYTEBASKET_TEST_SECONDS})
  endif()
endfunction()
