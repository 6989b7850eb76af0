// Answers as JSON: the contract of the HTTP API.
#include <string>

#include "analytics/metric_choice.hpp"
#include "analytics/metric_query.hpp"

namespace bytebasket::analytics {
namespace {

void append_json_text(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (byte < 0x20) {
      out += "\\u00";
      out.push_back(digits[byte >> 4]);
      out.push_back(digits[byte & 0xF]);
    } else {
      out.push_back(c);
    }
  }
  out.push_back('"');
}

void append_row(std::string& out, const MetricAnswer& answer, const MetricRow& row) {
  out += "{\"time\":\"" + format_timestamp(row.time) + "\",\"dims\":{";
  for (std::size_t i = 0; i < answer.dims.size(); ++i) {
    if (i > 0) out.push_back(',');
    append_json_text(out, answer.dims[i]);
    out.push_back(':');
    append_json_text(out, row.dims[i]);
  }
  const bool quoted = answer.money && !row.value.starts_with('[');
  out += quoted ? "},\"value\":\"" + row.value + "\"}" : "},\"value\":" + row.value + '}';
}

void append_set(std::string& out, const metrics::StoredSet& set) {
  out += "{\"by\":[";
  bool first = true;
  for (const auto dimension : set.dimensions.members()) {
    out += (first ? "\"" : ",\"") + std::string(name_of(dimension)) + '"';
    first = false;
  }
  out += "],\"grains\":[";
  first = true;
  for (const metrics::Grain grain : metrics::all_grains) {
    if (!set.grains.contains(grain)) continue;
    out += (first ? "\"" : ",\"") + std::string(name_of(grain)) + '"';
    first = false;
  }
  out += "]}";
}

}  // namespace

std::string to_json(const MetricAnswer& answer) {
  std::string out = "{\"metric\":\"" + answer.metric + "\",\"grain\":\"" + answer.grain +
                    "\",\"unit\":\"" + answer.unit + "\",\"rows\":[";
  for (std::size_t i = 0; i < answer.rows.size(); ++i) {
    if (i > 0) out.push_back(',');
    append_row(out, answer, answer.rows[i]);
  }
  out += answer.next.empty() ? "],\"next\":null}" : "],\"next\":\"" + answer.next + "\"}";
  return out;
}

std::string catalogue_json(const metrics::MetricCatalogue& catalogue) {
  std::string out = "{\"metrics\":[";
  bool first = true;
  for (const metrics::MetricDefinition& definition : catalogue.all()) {
    out += (first ? "{\"name\":\"" : ",{\"name\":\"") + definition.name + "\",\"help\":";
    append_json_text(out, definition.help);
    out += ",\"unit\":\"" + std::string(name_of(definition.unit)) + "\",\"dimensions\":[";
    const auto sets = answerable_sets(definition, catalogue);
    for (std::size_t i = 0; i < sets.size(); ++i) {
      if (i > 0) out.push_back(',');
      append_set(out, sets[i]);
    }
    out += "],\"definition\":\"" + definition.hash + "\"}";
    first = false;
  }
  return out + "]}";
}

}  // namespace bytebasket::analytics
