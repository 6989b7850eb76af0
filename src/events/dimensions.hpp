// Where an event comes from: source, session, country, device and campaign, found in the places
// where clients put them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "events/event.hpp"
#include "events/item_fields.hpp"

namespace bytebasket::events {

/// The device that a browser's user agent tells of: bot, tablet, mobile, desktop, or empty where it
/// does not say.
std::string_view device_of_user_agent(std::string_view user_agent);

/// What was found; empty where nothing was. Views live until the next event is looked at.
struct Dimensions {
  Source source = Source::server;
  std::string_view session_id;
  std::string_view country;  ///< two upper-case letters
  std::string_view campaign;
  std::string_view device;  ///< lower case
};

/// Finds the dimensions of one event after another; remembers the user agents it has seen last. Not
/// thread-safe.
class DimensionFinder {
 public:
  DimensionFinder() = default;
  DimensionFinder(const DimensionFinder&) = delete;
  DimensionFinder& operator=(const DimensionFinder&) = delete;

  /// source: `source`, `context.source`, else the SDK's name in `context.library.name`, else
  /// `default_source`. session_id: `sessionId`, `context.sessionId`, `context.session.id`,
  /// `properties.session_id`. country: `country`, `context.location.country_code`,
  /// `context.country`, `properties.country` (each only where it is a two-letter code), else the
  /// region of `context.locale`. device: `device`, `context.device.type` (`ios` and `android` are
  /// mobile, or tablet for an iPad), else from `context.userAgent`, else mobile for the source
  /// mobile. campaign: `campaign`, `context.campaign.name`.
  Dimensions find(ItemFields& fields, Source default_source);

 private:
  std::string_view country(ItemFields& fields);
  std::string_view country_code(std::string_view code);
  std::string_view device(ItemFields& fields, Source source);
  std::string_view remembered_device(std::string_view user_agent);

  struct Remembered {
    std::string user_agent;
    std::string_view device;
  };
  std::array<Remembered, 64> remembered_;
  const Remembered* last_ = remembered_.data();  ///< looked up last
  std::array<char, 2> country_{};
  std::string device_;
};

}  // namespace bytebasket::events
