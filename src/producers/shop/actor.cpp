#include "producers/shop/actor.hpp"

#include <algorithm>
#include <utility>

namespace bytebasket::producers::shop {

Actor::Actor(const ShopOptions& options, Outbox& outbox, Visitor visitor, std::uint64_t visit_key,
             Timestamp start)
    : options_(options),
      outbox_(outbox),
      visitor_(std::move(visitor)),
      random_(mix(visit_key, 0xAC7)),
      now_(start),
      online_again_(start),
      visit_key_(visit_key) {}

void Actor::wait(std::int64_t least_ms, std::int64_t most_ms) {
  now_ += Milliseconds(random_.between(least_ms, most_ms));
}

void Actor::wait_days(std::int64_t least, std::int64_t most) {
  constexpr std::int64_t seconds_per_day = 86'400;
  const std::int64_t seconds = random_.between(least * seconds_per_day, most * seconds_per_day);
  now_ += Milliseconds(seconds * 1000 / options_.aftermath_divisor);
}

const std::string& Actor::head(Sender sender) {
  std::string& head = heads_[static_cast<std::size_t>(sender)];
  if (!head.empty()) return head;
  const bool client = sender == Sender::web || sender == Sender::mobile;
  head += R"(","anonymousId":")" + visitor_.anonymous_id + '"';
  if (logged_in_) head += R"(,"userId":")" + visitor_.user_id + '"';
  head += R"(,"source":")";
  head += name_of(sender);
  head += R"(","context":{)" +
          (client ? client_context(visitor_, campaign_) : server_context(visitor_, sender)) + '}';
  return head;
}

void Actor::begin(Sender sender, std::string_view type) {
  sender_ = sender;
  const std::string& who = head(sender);
  json_ = &outbox_.open();
  *json_ += R"({"messageId":")";
  const std::uint64_t id = mix(visit_key_, 0x1D000 + event_number_++);
  append_uuid(*json_, id, mix(id, 1));
  *json_ += R"(","type":")";
  *json_ += type;
  *json_ += who;
}

std::string& Actor::track(std::string_view name, Sender sender) {
  begin(sender, "track");
  *json_ += R"(,"event":")";
  *json_ += name;
  *json_ += R"(","properties":{)";
  return *json_;
}

void Actor::done() {
  const bool client = sender_ == Sender::web || sender_ == Sender::mobile;
  SentEvent event;
  event.sender = sender_;
  // SDKs gather events before they send them: a website for a moment, an app longer, a server
  // hardly.
  const std::int64_t gathered_ms = sender_ == Sender::web      ? 1500
                                   : sender_ == Sender::mobile ? 15'000
                                                               : 150;
  event.sent_at = now_ + Milliseconds(random_.between(5, gathered_ms));
  if (client) {
    event.sent_at = std::max(event.sent_at, online_again_);
    event.clock_error = visitor_.clock_error;
  }
  event.received_at = event.sent_at + Milliseconds(random_.between(15, 300));

  std::string& json = *json_;
  json += R"(},"originalTimestamp":")";
  append_timestamp_ms(json, now_ + event.clock_error);
  json += R"(","sentAt":")";
  event.sent_at_offset = json.size();
  append_timestamp_ms(json, event.sent_at + event.clock_error);
  json += '"';
  event.received_at_offset = json.size();
  json += R"(,"receivedAt":")";
  append_timestamp_ms(json, event.received_at);
  json += "\"}";
  outbox_.close(event);

  if (random_.per_mille(options_.duplicate_per_mille)) {
    const Timestamp again = event.sent_at + Milliseconds(random_.between(500, 120'000));
    outbox_.repeat_last(again, again + Milliseconds(random_.between(15, 300)));
  }
}

void Actor::look_at(std::string_view page) {
  begin(client(), visitor_.app ? "screen" : "page");
  *json_ += R"(,"name":")";
  *json_ += page;
  *json_ += R"(","properties":{"title":")";
  *json_ += page;
  *json_ += '"';
  done();
}

void Actor::log_in() {
  logged_in_ = true;
  heads_ = {};
  begin(client(), "identify");
  *json_ += R"(,"traits":{"email":")" + visitor_.email + R"(","address":")" + visitor_.address +
            R"(","country":")";
  *json_ += visitor_.home->code;
  *json_ += '"';
  done();
}

void Actor::use_account_of(const Visitor& victim) {
  visitor_.user_id = victim.user_id;
  visitor_.email = victim.email;
  visitor_.card = victim.card;
  visitor_.money = victim.money;
}

void Actor::make_account() {
  if (visitor_.user_id.empty()) visitor_.user_id = unique_id("u-");
}

std::string Actor::unique_id(std::string_view prefix) {
  std::string id(prefix);
  append_base32(id, mix(visit_key_, 0x0DD'0000 + event_number_++));
  return id;
}

}  // namespace bytebasket::producers::shop
