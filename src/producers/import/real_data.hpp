// Where tests find the real sets, and their golden figures.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace bytebasket::producers::import_ {

/// The folder of a set; nullopt, and a line that says so, where the sets are not on this machine.
/// BYTEBASKET_SHARED names another place.
inline std::optional<std::string> real_data(const std::string& set) {
  const char* elsewhere = std::getenv("BYTEBASKET_SHARED");
  const std::string folder =
      std::string(elsewhere != nullptr ? elsewhere : BYTEBASKET_SHARED_DIR) + "/data/" + set;
  if (std::filesystem::is_directory(folder)) return folder;
  std::cout << "The set " << set << " is not here (" << folder << "): this test checks nothing\n";
  return std::nullopt;
}

/// `InvoiceDate,rows,invoices,customers,revenue_milli` → revenue by day.
inline std::map<std::string, std::int64_t> golden_daily(const std::string& path) {
  std::map<std::string, std::int64_t> golden;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line))
    golden[line.substr(0, 10)] = std::stoll(line.substr(line.rfind(',') + 1));
  return golden;
}

/// The sums of the columns of a CSV file without quotes, where they hold whole numbers.
inline std::map<std::string, std::int64_t> sums_of_columns(const std::string& path) {
  std::map<std::string, std::int64_t> sums;
  std::vector<std::string> names;
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string cell;
    for (std::size_t i = 0; std::getline(cells, cell, ','); ++i) {
      if (!cell.empty() && cell.back() == '\r') cell.pop_back();
      if (line.starts_with("domain_sessionid,")) {
        names.push_back(cell);
      } else if (!cell.empty() && cell.find_first_not_of("0123456789") == std::string::npos) {
        sums[names[i]] += std::stoll(cell);
      }
    }
  }
  return sums;
}

}  // namespace bytebasket::producers::import_
