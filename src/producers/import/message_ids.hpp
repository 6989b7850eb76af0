// Message ids for rows that have none: the same file gives the same ids, and equal rows within it
// different ones.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace bytebasket::producers::import_ {

/// Names rows by a hash of their bytes and the number of equal rows before them in the file. Memory
/// is bounded: equal rows are told apart as long as at most a million different ones lie between
/// them; beyond that they count once. One for each file. Not thread-safe.
class MessageIds {
 public:
  explicit MessageIds(std::size_t distance = 1'000'000) : distance_(distance) {}

  /// `import-` + 32 hexadecimal digits, and `-2`, `-3`, … for the equal rows that follow the first.
  std::string next(std::string_view row);

 private:
  std::size_t distance_;
  std::unordered_map<std::uint64_t, std::uint32_t> recent_;
  std::unordered_map<std::uint64_t, std::uint32_t> older_;
};

}  // namespace bytebasket::producers::import_
