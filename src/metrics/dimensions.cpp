#include "metrics/dimensions.hpp"

#include "base/names.hpp"

namespace bytebasket::metrics {
namespace {

constexpr std::array<std::string_view, dimension_count> names = {
    "source",  "event",  "product",  "category", "brand",
    "country", "device", "currency", "campaign", "query"};

}  // namespace

std::string_view name_of(Dimension dimension) { return names[static_cast<std::size_t>(dimension)]; }

std::optional<Dimension> dimension_named(std::string_view name) {
  return member_named<Dimension>(names, name);
}

std::vector<Dimension> DimensionSet::members() const {
  std::vector<Dimension> list;
  for (std::size_t i = 0; i < dimension_count; ++i) {
    if (contains(static_cast<Dimension>(i))) list.push_back(static_cast<Dimension>(i));
  }
  return list;
}

std::string to_string(DimensionSet set) {
  std::string list;
  for (const Dimension dimension : set.members()) {
    if (!list.empty()) list += ',';
    list += name_of(dimension);
  }
  return list;
}

Result<DimensionSet> parse_dimensions(std::string_view list) {
  DimensionSet set;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view name = list.substr(0, comma);
    const auto dimension = dimension_named(name);
    if (!dimension) {
      return fail(ErrorCode::invalid_argument,
                  "'" + std::string(name) + "' is no dimension; there are " + joined(names));
    }
    set.insert(*dimension);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return set;
}

void append_value(std::string& encoded, std::string_view value, bool first) {
  if (!first) encoded.push_back(',');
  if (value.find_first_of(",\\") == std::string_view::npos) {
    encoded.append(value);
    return;
  }
  for (const char c : value) {
    if (c == ',' || c == '\\') encoded.push_back('\\');
    encoded.push_back(c);
  }
}

std::string encode_values(std::span<const std::string_view> values) {
  std::string encoded;
  for (std::size_t i = 0; i < values.size(); ++i) append_value(encoded, values[i], i == 0);
  return encoded;
}

Result<std::vector<std::string>> decode_values(std::string_view encoded, std::size_t count) {
  std::vector<std::string> values;
  if (count > 0) values.emplace_back();
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (values.empty()) break;
    if (encoded[i] == ',') {
      values.emplace_back();
    } else {
      if (encoded[i] == '\\' && i + 1 < encoded.size()) ++i;
      values.back().push_back(encoded[i]);
    }
  }
  if (values.size() != count || (count == 0 && !encoded.empty())) {
    return fail(ErrorCode::corrupt, "'" + std::string(encoded) + "' does not hold " +
                                        std::to_string(count) + " dimension values");
  }
  return values;
}

}  // namespace bytebasket::metrics
