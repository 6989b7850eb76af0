// Where the real servers are that tests run against: deploy/local/servers.py starts them and writes
// a file of their addresses.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

namespace bytebasket::testing {

/// What the variable says, or else the line of that name in the file that BYTEBASKET_TEST_SERVERS
/// names. Empty where neither does: the test must fail then, never skip.
inline std::string server_address(const std::string& variable) {
  if (const char* given = std::getenv(variable.c_str())) return given;
  const char* file = std::getenv("BYTEBASKET_TEST_SERVERS");
  std::ifstream lines(file != nullptr ? file : "");
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(variable + "=")) return line.substr(variable.size() + 1);
  }
  return {};
}

}  // namespace bytebasket::testing
