// Somebody who does things in the shop, and the events that tell of it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "producers/shop/outbox.hpp"
#include "producers/shop/random.hpp"
#include "producers/shop/visitor.hpp"

namespace bytebasket::producers::shop {

/// One visit of one visitor: it has a clock that the plot moves on, and writes each event into the
/// Outbox.
///
///   actor.wait(2'000, 20'000);
///   actor.track("Product Viewed", actor.client()) += product.json[0];   // the properties' members
///   actor.done();
class Actor {
 public:
  Actor(const ShopOptions& options, Outbox& outbox, Visitor visitor, std::uint64_t visit_key,
        Timestamp start);

  [[nodiscard]] const Visitor& who() const { return visitor_; }
  [[nodiscard]] const ShopOptions& options() const { return options_; }
  [[nodiscard]] Random& random() { return random_; }
  [[nodiscard]] Timestamp now() const { return now_; }
  /// The website or the app, whichever this visitor uses.
  [[nodiscard]] Sender client() const { return visitor_.app ? Sender::mobile : Sender::web; }
  [[nodiscard]] bool logged_in() const { return logged_in_; }

  void come_by(std::string_view campaign) {
    campaign_ = campaign;
    heads_ = {};
  }
  /// From now on the device is offline: what it says is sent when it is back.
  void go_offline(Milliseconds duration) { online_again_ = now_ + duration; }
  [[nodiscard]] bool offline() const { return online_again_ > now_; }

  void wait(std::int64_t least_ms, std::int64_t most_ms);
  /// What takes days in the shop's back office; a demo may have them pass faster.
  void wait_days(std::int64_t least, std::int64_t most);

  /// Begins an event; the caller adds members of its `properties` and calls done().
  std::string& track(std::string_view name, Sender sender);
  void done();

  /// A page of the website, a screen of the app.
  void look_at(std::string_view page);
  /// The account is known from here on.
  void log_in();
  void use_card(std::string card) { visitor_.card = std::move(card); }
  void use_account_of(const Visitor& victim);
  void make_account();

  /// An id that nobody else has: `prefix` and 13 letters and digits.
  std::string unique_id(std::string_view prefix);

 private:
  void begin(Sender sender, std::string_view type);
  const std::string& head(Sender sender);

  const ShopOptions& options_;
  Outbox& outbox_;
  Visitor visitor_;
  Random random_;
  Timestamp now_;
  Timestamp online_again_;
  std::uint64_t visit_key_;
  std::uint64_t event_number_ = 0;
  bool logged_in_ = false;
  std::string_view campaign_;
  std::array<std::string, sender_count>
      heads_;  ///< who and context, written once for all events of a sender
  Sender sender_ = Sender::web;
  std::string* json_ = nullptr;
};

}  // namespace bytebasket::producers::shop
