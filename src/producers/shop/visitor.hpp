// Who comes to the shop, and with what: all of it follows from a number, so that millions of
// visitors need no memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "producers/shop/options.hpp"
#include "producers/shop/outbox.hpp"
#include "producers/shop/random.hpp"

namespace bytebasket::producers::shop {

/// Where somebody is: decides currency, language and the network address.
struct Country {
  std::string_view code;
  std::string_view locale;
  std::string_view city;
  std::uint8_t network;  ///< first part of the country's addresses
};

struct Visitor {
  std::string anonymous_id;
  std::string user_id;  ///< of the account; empty without one
  std::string email;
  std::string address;
  std::string ip;
  std::string device_id;
  std::string card;  ///< a fingerprint, as a payment service gives it; never a number
  std::string_view device_type;
  const Country* home = nullptr;  ///< where the card and the address are
  const Country* here = nullptr;  ///< where the device is at present
  Money money = Money::eur;
  bool app = false;
  Milliseconds clock_error{0};
};

/// One of the people who come again and again: the same number is the same person, with the same
/// devices.
Visitor returning_visitor(const ShopOptions& options, std::uint64_t shop_key, std::uint32_t number);

/// Somebody who was never here before.
Visitor new_visitor(const ShopOptions& options, std::uint64_t visit_key);

/// A thief's machine: a fresh visitor without an account, in a country that the shop seldom sells
/// to.
Visitor thief(const ShopOptions& options, std::uint64_t visit_key);

/// A card's fingerprint that belongs to nobody else.
std::string card_fingerprint(Random& random);

/// What the visitor's device tells with each event: the members of Segment's `context` object.
std::string client_context(const Visitor& visitor, std::string_view campaign);
/// What the shop's servers tell when they report something the visitor did.
std::string server_context(const Visitor& visitor, Sender sender);

}  // namespace bytebasket::producers::shop
