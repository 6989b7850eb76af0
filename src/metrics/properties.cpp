#include "metrics/properties.hpp"

#include <string>

#include <simdjson.h>

#include "events/money.hpp"

namespace bytebasket::metrics {

struct PropertyReader::Impl {
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  bool parsed = false;
  std::string text;

  /// The value at `path` below `properties`; an error where a part of it is not there.
  simdjson::simdjson_result<simdjson::ondemand::value> at(std::string_view path) {
    simdjson::simdjson_result<simdjson::ondemand::value> value =
        document.find_field_unordered("properties");
    while (!path.empty() && !value.error()) {
      const std::size_t dot = path.find('.');
      value = value.find_field_unordered(path.substr(0, dot));
      path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    }
    return value;
  }

  std::optional<Property> read(simdjson::ondemand::value value) {
    simdjson::ondemand::json_type type{};
    if (value.type().get(type)) return std::nullopt;
    if (type == simdjson::ondemand::json_type::string) {
      std::string_view found;
      if (value.get_string().get(found)) return std::nullopt;
      text = found;
    } else if (type == simdjson::ondemand::json_type::number ||
               type == simdjson::ondemand::json_type::boolean) {
      text = value.raw_json_token();
      text.resize(text.find_last_not_of(" \t\r\n") + 1);
    } else {
      return std::nullopt;
    }
    Property property{.text = text, .millionths = std::nullopt};
    if (type == simdjson::ondemand::json_type::number) {
      if (const auto number = events::parse_money(text)) property.millionths = number->value();
    }
    return property;
  }
};

PropertyReader::PropertyReader() : impl_(std::make_unique<Impl>()) {}
PropertyReader::~PropertyReader() = default;
PropertyReader::PropertyReader(PropertyReader&&) noexcept = default;
PropertyReader& PropertyReader::operator=(PropertyReader&&) noexcept = default;

void PropertyReader::next_fact() { impl_->parsed = false; }

std::optional<Property> PropertyReader::find(const Fact& fact, std::string_view path) {
  if (fact.event == nullptr || fact.event->json.empty()) return std::nullopt;
  const std::string_view json = fact.event->json;
  if (impl_->parsed) {
    impl_->document.rewind();
  } else {
    // Canonical documents have this many readable bytes behind them (streams::Record::value).
    const simdjson::padded_string_view padded(json, json.size() + simdjson::SIMDJSON_PADDING);
    if (impl_->parser.iterate(padded).get(impl_->document)) return std::nullopt;
    impl_->parsed = true;
  }
  simdjson::ondemand::value value;
  if (impl_->at(path).get(value)) return std::nullopt;
  return impl_->read(value);
}

}  // namespace bytebasket::metrics
