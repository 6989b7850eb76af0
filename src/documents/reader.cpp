#include "documents/reader.hpp"

#include <algorithm>
#include <set>

#include <yaml-cpp/yaml.h>

#include "base/names.hpp"

namespace bytebasket::documents {
namespace {

std::string key_of(const YAML::Node& key) { return key.IsScalar() ? key.Scalar() : "?"; }

}  // namespace

void Reader::read(std::string_view document, const std::function<void(const YAML::Node&)>& take) {
  try {
    take(YAML::Load(std::string(document)));
  } catch (const YAML::Exception& error) {
    wrong_at_line(error.mark.line + 1, "not YAML: " + error.msg);
  }
}

Status Reader::outcome() const {
  if (mistakes_.empty()) return ok();
  std::vector<const std::pair<int, std::string>*> in_order;
  in_order.reserve(mistakes_.size());
  for (const auto& mistake : mistakes_) in_order.push_back(&mistake);
  // Those of a line stay in the order in which they were found, which is that of their places.
  std::sort(in_order.begin(), in_order.end(), [](const auto* a, const auto* b) {
    return a->first != b->first ? a->first < b->first : a < b;
  });
  std::string message;
  for (const auto* mistake : in_order) {
    if (!message.empty()) message += '\n';
    message += file_ + ':' + std::to_string(mistake->first) + ": " + mistake->second;
  }
  return fail(ErrorCode::invalid_argument, std::move(message));
}

void Reader::wrong(const YAML::Node& where, std::string message) {
  wrong_at_line(where.Mark().line + 1, std::move(message));
}

void Reader::wrong_at_line(int line, std::string message) {
  mistakes_.emplace_back(std::max(line, 1), std::move(message));
}

bool Reader::map(const YAML::Node& node, std::string_view what) {
  if (node.IsMap()) return true;
  wrong(node, std::string(what) + " must be a map of names to values");
  return false;
}

bool Reader::list(const YAML::Node& node, std::string_view what) {
  if (node.IsSequence()) return true;
  wrong(node, std::string(what) + " must be a list");
  return false;
}

bool Reader::keys(const YAML::Node& map, std::string_view what,
                  std::span<const std::string_view> allowed) {
  std::set<std::string> seen;
  bool fine = true;
  for (const auto& entry : map) {
    const std::string key = key_of(entry.first);
    if (std::find(allowed.begin(), allowed.end(), key) == allowed.end()) {
      wrong(entry.first, "unknown key '" + key + "' in " + std::string(what) + "; allowed are " +
                             joined(allowed));
      fine = false;
    } else if (!seen.insert(key).second) {
      wrong(entry.first, "'" + key + "' is there twice");
      fine = false;
    }
  }
  return fine;
}

std::optional<std::string> Reader::text(const YAML::Node& node, std::string_view what) {
  if (node.IsScalar()) return node.Scalar();
  wrong(node, std::string(what) + " must be one text or number");
  return std::nullopt;
}

std::optional<std::string> Reader::text_at(const YAML::Node& map, const std::string& key) {
  const YAML::Node member = map[key];
  return member ? text(member, "'" + key + "'") : std::nullopt;
}

std::optional<std::string> Reader::needed_text_at(const YAML::Node& map, const std::string& key) {
  if (!map[key]) wrong(map, "'" + key + "' is missing");
  return text_at(map, key);
}

std::vector<std::string> Reader::texts(const YAML::Node& node, std::string_view what) {
  if (node.IsScalar()) return {node.Scalar()};
  std::vector<std::string> all;
  if (!node.IsSequence()) {
    wrong(node, std::string(what) + " must be a text or a list of texts");
    return all;
  }
  for (const YAML::Node& each : node) {
    if (auto one = text(each, what)) all.push_back(std::move(*one));
  }
  return all;
}

std::optional<bool> Reader::truth(const YAML::Node& node, std::string_view what) {
  const std::string text = node.IsScalar() ? node.Scalar() : "";
  if (text == "true" || text == "false") return text == "true";
  wrong(node, std::string(what) + " must be true or false");
  return std::nullopt;
}

std::optional<std::int64_t> Reader::whole(const YAML::Node& node, std::string_view what,
                                          std::int64_t least, std::int64_t most) {
  std::int64_t value = 0;
  if (node.IsScalar() && YAML::convert<std::int64_t>::decode(node, value) && value >= least &&
      value <= most)
    return value;
  wrong(node, std::string(what) + " must be a whole number from " + std::to_string(least) + " to " +
                  std::to_string(most));
  return std::nullopt;
}

}  // namespace bytebasket::documents
