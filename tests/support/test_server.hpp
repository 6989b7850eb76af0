// The address of a real server that a test runs against.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

namespace bytebasket::testing {

/// What `name` (BYTEBASKET_TEST_KAFKA, BYTEBASKET_TEST_CASSANDRA, BYTEBASKET_TEST_HDFS) says, from
/// the environment or from the file that BYTEBASKET_TEST_SERVERS names (deploy/local/servers.py
/// writes it). A test whose server is missing fails: it is never skipped.
inline std::string test_server(const std::string& name) {
  if (const char* address = std::getenv(name.c_str())) return address;
  if (const char* path = std::getenv("BYTEBASKET_TEST_SERVERS")) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      if (line.starts_with(name + "=")) return line.substr(name.size() + 1);
    }
  }
  ADD_FAILURE() << name << " names no server: start one with deploy/local/servers.py, and set "
                << "BYTEBASKET_TEST_SERVERS to its servers.env";
  return "";
}

}  // namespace bytebasket::testing
