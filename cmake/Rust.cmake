# The Rust half of the Cassandra engine: one static library of rust/, as the target bytebasket_cql.
#
# cargo's folder is shared by all presets of a checkout: the driver is compiled once. cargo knows by itself what is out of
# date; the folder's lock makes builds that meet wait for each other.
find_program(BYTEBASKET_CARGO cargo)
if(NOT BYTEBASKET_CARGO)
  message(FATAL_ERROR "BYTEBASKET_CASSANDRA needs cargo 1.85 or newer (Debian 12: cargo-web, rustc-web)")
endif()
set(rust_dir ${PROJECT_SOURCE_DIR}/rust)
set(cargo_dir ${PROJECT_SOURCE_DIR}/build/cargo)
set(cargo_library ${cargo_dir}/release/libbytebasket_cql.a)
file(GLOB_RECURSE rust_sources CONFIGURE_DEPENDS ${rust_dir}/src/*.rs)
add_custom_command(
  OUTPUT ${cargo_library}
  COMMAND ${CMAKE_COMMAND} -E env CARGO_TARGET_DIR=${cargo_dir} ${BYTEBASKET_CARGO} build --release --locked --quiet
  # An older library that is still right would be built again and again.
  COMMAND ${CMAKE_COMMAND} -E touch ${cargo_library}
  DEPENDS ${rust_sources} ${rust_dir}/Cargo.toml ${rust_dir}/Cargo.lock ${rust_dir}/.cargo/config.toml
  WORKING_DIRECTORY ${rust_dir}
  COMMENT "Building the Cassandra driver with cargo"
  VERBATIM)
add_custom_target(bytebasket_cql_build DEPENDS ${cargo_library})
add_library(bytebasket_cql STATIC IMPORTED GLOBAL)
set_target_properties(bytebasket_cql PROPERTIES IMPORTED_LOCATION ${cargo_library})
target_include_directories(bytebasket_cql INTERFACE ${rust_dir}/include)
target_link_libraries(bytebasket_cql INTERFACE OpenSSL::SSL OpenSSL::Crypto Threads::Threads ${CMAKE_DL_LIBS} m)
add_dependencies(bytebasket_cql bytebasket_cql_build)
