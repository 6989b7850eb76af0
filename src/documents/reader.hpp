// Documents that people write in YAML, read so that all their mistakes are named at once: each with
// its line, and with what is allowed.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace YAML {
class Node;
}  // namespace YAML

namespace bytebasket::documents {

/// Reads one document and notes its mistakes. Whatever gives a value notes a mistake where the node
/// has none of that kind; `what` names the value in the message. Not thread-safe.
class Reader {
 public:
  /// `file` stands before the line in messages.
  explicit Reader(std::string_view file) : file_(file) {}

  /// Hands the root of the document to `take`; what is no YAML is a mistake as well.
  void read(std::string_view document, const std::function<void(const YAML::Node&)>& take);

  /// `invalid_argument` where there are mistakes: a line of the message for each, in the order of
  /// the document.
  [[nodiscard]] Status outcome() const;

  void wrong(const YAML::Node& where, std::string message);
  void wrong_at_line(int line, std::string message);

  bool map(const YAML::Node& node, std::string_view what);
  bool list(const YAML::Node& node, std::string_view what);
  /// Whether `map` has none but the allowed keys, and each of them once.
  bool keys(const YAML::Node& map, std::string_view what,
            std::span<const std::string_view> allowed);
  bool keys(const YAML::Node& map, std::string_view what,
            std::initializer_list<std::string_view> allowed) {
    return keys(map, what, std::span(allowed.begin(), allowed.size()));
  }

  std::optional<std::string> text(const YAML::Node& node, std::string_view what);
  /// Of a member of a map: nullopt too where there is none, which is a mistake where it is needed.
  std::optional<std::string> text_at(const YAML::Node& map, const std::string& key);
  std::optional<std::string> needed_text_at(const YAML::Node& map, const std::string& key);
  /// Of a list of texts, or of one text.
  std::vector<std::string> texts(const YAML::Node& node, std::string_view what);
  std::optional<bool> truth(const YAML::Node& node, std::string_view what);
  std::optional<std::int64_t> whole(const YAML::Node& node, std::string_view what,
                                    std::int64_t least, std::int64_t most);

  /// The value of `result`; its error is a mistake at `where`.
  template <typename T>
  std::optional<T> value(const YAML::Node& where, Result<T> result) {
    if (result) return std::move(*result);
    wrong(where, std::move(result.error().message));
    return std::nullopt;
  }

 private:
  std::string file_;
  std::vector<std::pair<int, std::string>> mistakes_;  ///< line, message
};

}  // namespace bytebasket::documents
