#include "events/dimensions.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace bytebasket::events {
namespace {

constexpr std::size_t longest_device = 32;

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// `DE` of `de-DE`, `de_DE` or `de-Latn-DE`; empty for `de`.
std::string_view region_of(std::string_view locale) {
  if (locale.size() < 3) return {};
  const char dash = locale[locale.size() - 3];
  return dash == '-' || dash == '_' ? locale.substr(locale.size() - 2) : std::string_view();
}

std::optional<Source> source_of_library(std::string_view name) {
  if (name == "analytics.js" || name == "web" || name == "analytics-next" ||
      name == "@segment/analytics-next") {
    return Source::web;
  }
  for (const std::string_view mobile :
       {"ios", "android", "kotlin", "swift", "react-native", "flutter"}) {
    if (contains(name, mobile)) return Source::mobile;
  }
  return std::nullopt;
}

Source find_source(ItemFields& fields, Source default_source) {
  for (const NodeIndex named : {fields[TopKey::source], fields[ContextKey::source]}) {
    if (named == 0) continue;
    if (const auto source = parse_source(fields.text(named))) return *source;
  }
  return source_of_library(fields.text(fields[ContextKey::library], "name"))
      .value_or(default_source);
}

std::string_view find_session(ItemFields& fields) {
  for (const NodeIndex named : {fields[TopKey::session_id], fields[ContextKey::session_id]}) {
    if (const std::string_view text = fields.text(named); !text.empty()) return text;
  }
  const std::string_view id = fields.text(fields[ContextKey::session], "id");
  return id.empty() ? fields.text(fields[PropertyKey::session_id]) : id;
}

}  // namespace

std::string_view device_of_user_agent(std::string_view user_agent) {
  if (contains(user_agent, "bot") || contains(user_agent, "Bot") ||
      contains(user_agent, "spider") || contains(user_agent, "crawler")) {
    return "bot";
  }
  const bool android = contains(user_agent, "Android");
  const bool mobile = contains(user_agent, "Mobi");
  if (contains(user_agent, "iPad") || contains(user_agent, "Tablet") || (android && !mobile))
    return "tablet";
  if (mobile || android || contains(user_agent, "iPhone")) return "mobile";
  for (const std::string_view system : {"Windows", "Macintosh", "X11", "CrOS", "Linux"}) {
    if (contains(user_agent, system)) return "desktop";
  }
  return {};
}

std::string_view DimensionFinder::remembered_device(std::string_view user_agent) {
  if (user_agent.empty()) return {};
  if (last_->user_agent == user_agent) return last_->device;
  Remembered& slot = remembered_[hash64(user_agent) % remembered_.size()];
  if (slot.user_agent != user_agent) {
    slot.user_agent = user_agent;
    slot.device = device_of_user_agent(user_agent);
  }
  last_ = &slot;
  return slot.device;
}

/// `code` in upper case where it is two letters; else empty.
std::string_view DimensionFinder::country_code(std::string_view code) {
  if (code.size() != 2) return {};
  country_ = {upper(code[0]), upper(code[1])};
  const bool letters =
      std::all_of(country_.begin(), country_.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return letters ? std::string_view(country_.data(), country_.size()) : std::string_view();
}

std::string_view DimensionFinder::country(ItemFields& fields) {
  const NodeIndex location = fields[ContextKey::location];
  const auto member = [&](std::string_view name) {
    return location == 0 ? 0 : fields.tape().find(location, name);
  };
  for (const NodeIndex named :
       {fields[TopKey::country], member("country_code"), member("countryCode"), member("country"),
        fields[ContextKey::country], fields[PropertyKey::country]}) {
    if (named == 0) continue;
    if (const auto code = country_code(fields.text(named)); !code.empty()) return code;
  }
  return country_code(region_of(fields.text(fields[ContextKey::locale])));
}

std::string_view DimensionFinder::device(ItemFields& fields, Source source) {
  const NodeIndex context_device = fields[ContextKey::device];
  for (const std::string_view candidate :
       {fields.text(fields[TopKey::device]), fields.text(context_device, "type")}) {
    if (candidate.empty() || candidate.size() > longest_device) continue;
    device_ = candidate;
    std::transform(device_.begin(), device_.end(), device_.begin(), lower);
    if (device_ == "ios" || device_ == "android") {
      return fields.text(context_device, "model").starts_with("iPad") ? "tablet" : "mobile";
    }
    return device_;
  }
  const std::string_view user_agent = fields.text(fields[ContextKey::user_agent]);
  const std::string_view known = remembered_device(user_agent);
  return known.empty() && source == Source::mobile ? "mobile" : known;
}

Dimensions DimensionFinder::find(ItemFields& fields, Source default_source) {
  Dimensions found;
  found.source = find_source(fields, default_source);
  found.session_id = find_session(fields);
  found.country = country(fields);
  found.device = device(fields, found.source);
  found.campaign = fields.text(fields[TopKey::campaign]);
  if (found.campaign.empty()) found.campaign = fields.text(fields[ContextKey::campaign], "name");
  return found;
}

}  // namespace bytebasket::events
