// A YAML document as plain data that remembers where each part stands, so that messages can say it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace bytebasket::app {

struct DocumentEntry;

struct DocumentNode {
  enum class Kind { nothing, text, list, map };

  Kind kind = Kind::nothing;
  std::string where;  ///< "shop.yml:12", or the flag or variable that gave it
  std::string text;
  std::vector<DocumentNode> items;
  std::vector<DocumentEntry> entries;  ///< in the order of the file, repeated names too
};

struct DocumentEntry {
  std::string name;
  DocumentNode node;
};

/// Reads one YAML document. Parts are placed at "`name`:line", or at `name` where `lines` is false.
/// `invalid_argument` for what is not YAML, or is nested deeper than any configuration is.
Result<DocumentNode> read_document(std::string_view yaml, std::string_view name, bool lines);

}  // namespace bytebasket::app
