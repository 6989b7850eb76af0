# schema/*.toml and openapi.yaml are the facts said once; schema/generate.py writes the C++ from them into the build tree.
set(schema_dir ${PROJECT_SOURCE_DIR}/schema)
set(generated_dir ${PROJECT_BINARY_DIR}/generated/schema)
file(GLOB schema_sources CONFIGURE_DEPENDS ${schema_dir}/*.toml ${schema_dir}/*.yaml ${schema_dir}/*.py)
set(schema_outputs
  ${generated_dir}/tables.hpp ${generated_dir}/tables.cpp
  ${generated_dir}/cassandra.hpp ${generated_dir}/cassandra.cpp
  ${generated_dir}/vocabulary.hpp ${generated_dir}/vocabulary.cpp
  ${generated_dir}/settings.hpp ${generated_dir}/settings.cpp
  ${generated_dir}/openapi.hpp ${generated_dir}/openapi.cpp)
add_custom_command(
  OUTPUT ${schema_outputs}
  COMMAND ${Python3_EXECUTABLE} ${schema_dir}/generate.py cpp ${generated_dir}
  DEPENDS ${schema_sources}
  COMMENT "Generating C++ from schema/"
  VERBATIM)
add_custom_target(bytebasket_schema DEPENDS ${schema_outputs})
