#include "events/keys.hpp"

#include <string>

#include <gtest/gtest.h>

#include "events/card_number.hpp"
#include "events/known_keys.hpp"

namespace bytebasket::events {
namespace {

/// With what must follow a name that is looked up.
class Padded {
 public:
  explicit Padded(std::string_view name) : size_(name.size()), bytes_(name) {
    bytes_.append(key_reach, 'x');
  }
  [[nodiscard]] std::string_view name() const { return std::string_view(bytes_).substr(0, size_); }

 private:
  std::size_t size_;
  std::string bytes_;
};

TEST(Keys, AreKnownByTheirWholeNameOnly) {
  EXPECT_EQ(top_key(Padded("originalTimestamp").name()), TopKey::original_timestamp);
  EXPECT_EQ(property_key(Padded("order_id").name()), PropertyKey::order_id);
  EXPECT_EQ(property_key(Padded("orderId").name()), PropertyKey::order_id);
  EXPECT_EQ(context_key(Padded("ip").name()), ContextKey::ip);
  for (const std::string_view name :
       {"", "originalTimestamq", "originalTimestam", "originalTimestamps", "order_ie", "Order_id",
        "i", "ipx", "a name of exactly thirty-two byte",
        "a name that is longer than any of ours"}) {
    EXPECT_EQ(known_key(Padded(name).name()), KnownKey{}) << name;
  }
}

TEST(Keys, MeanWhatTheObjectAroundThemSays) {
  const KeyMeaning& country = meaning_of(known_key(Padded("country").name()));
  EXPECT_EQ(country.top, TopKey::country);
  EXPECT_EQ(country.property, PropertyKey::country);
  EXPECT_EQ(country.context, ContextKey::country);
  EXPECT_FALSE(country.is_alias);
  const KeyMeaning& type = meaning_of(known_key(Padded("type").name()));
  EXPECT_EQ(type.top, TopKey::type);
  EXPECT_EQ(type.property, PropertyKey::other);
  EXPECT_TRUE(meaning_of(known_key(Padded("orderId").name())).is_alias);
}

TEST(Keys, OfCodesAreKnownAsSuchAndNoneIsACards) {
  for (std::size_t i = 1; name_of(KnownKey(static_cast<std::uint8_t>(i))) != ""; ++i) {
    const auto key = KnownKey(static_cast<std::uint8_t>(i));
    const std::string_view name = name_of(key);
    EXPECT_EQ(known_key(Padded(name).name()), key) << name;
    EXPECT_EQ(meaning_of(key).is_code, is_code_key(name)) << name;
    EXPECT_FALSE(is_card_key(name)) << name;
  }
}

}  // namespace
}  // namespace bytebasket::events
