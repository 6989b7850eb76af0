// The rows of the user activity processor: which it needs, taking them in, and handing them out
// again.
#include <algorithm>
#include <utility>

#include "processors/fraud/json_text.hpp"
#include "processors/user_activity_keys.hpp"
#include "processors/user_activity_processor.hpp"

namespace bytebasket::processors {

using storage::Mutation;
using storage::RowKey;

void UserActivityProcessor::begin_empty(std::size_t bytes) {
  days_.begin_empty(bytes / 2);
  carts_.begin_empty(bytes / 4);
  named_sessions_.begin_empty(bytes / 4);
}

UserActivityProcessor::Days::Entry& UserActivityProcessor::ask_for_day(std::string_view visitor,
                                                                       std::int64_t number,
                                                                       std::vector<RowKey>& keys) {
  build_cache_key(key_, visitor, number);
  return ask_for_day(visitor, number, Days::hash_of(key_), keys);
}

UserActivityProcessor::Days::Entry& UserActivityProcessor::ask_for_day(std::string_view visitor,
                                                                       std::int64_t number,
                                                                       std::uint64_t hash,
                                                                       std::vector<RowKey>& keys) {
  build_cache_key(key_, visitor, number);
  Days::Entry& entry = days_.entry(key_, hash);
  if (days_.ask(entry)) keys.push_back(visitor_row(visitor, "day", number, ""));
  return entry;
}

/// As ask_for_day(), but a row that never was takes no place in memory: most visitors have no other
/// day beside this one.
UserActivityProcessor::Days::Entry* UserActivityProcessor::look_at_day(std::string_view visitor,
                                                                       std::int64_t number,
                                                                       const Needed& needed,
                                                                       std::vector<RowKey>& keys) {
  if (number == needed.number) return needed.day;
  build_cache_key(key_, visitor, number);
  Days::Entry* entry = days_.entry_unless_absent(
      key_, number == needed.near ? needed.near_hash : Days::hash_of(key_));
  if (entry != nullptr && days_.ask(*entry))
    keys.push_back(visitor_row(visitor, "day", number, ""));
  return entry;
}

void UserActivityProcessor::ask_for_session_days(const LoggedEvent& logged, const Needed& needed,
                                                 std::vector<RowKey>& keys) {
  const std::string_view visitor = logged.event.visitor();
  const Milliseconds gap = options_.session_gap;
  std::int64_t first = day_of(logged.event.time - gap);
  std::int64_t last = day_of(logged.event.time + gap);
  // A session that began on an earlier day, or that goes on into later ones, has rows to mend on
  // all of them.
  if (const auto* entry = look_at_day(visitor, first, needed, keys); entry && entry->held)
    first = entry->state.carried_from.value_or(first);
  for (std::int64_t number = first; number <= last; ++number) {
    const Days::Entry* entry = look_at_day(visitor, number, needed, keys);
    if (entry == nullptr || !entry->held) continue;
    for (const Session& session : entry->state.sessions) last = std::max(last, day_of(session.end));
  }
}

void UserActivityProcessor::look_up(const LoggedEvent& logged, Needed& needed,
                                    std::vector<RowKey>& keys) {
  const events::Event& event = logged.event;
  const std::string_view visitor = event.visitor();
  needed.day = &ask_for_day(visitor, needed.number, needed.hash, keys);
  if (!event.has_original_time) {
    needed.day_before = look_at_day(visitor, needed.number - 1, needed, keys);
    needed.day_after = look_at_day(visitor, needed.number + 1, needed, keys);
  }
  if (VisitorCarts::concerns(event)) {
    needed.carts = &carts_.entry(visitor);
    if (carts_.ask(*needed.carts)) keys.push_back(visitor_row(visitor, "carts", 0, ""));
  }
  if (event.session_id.empty()) {
    ask_for_session_days(logged, needed, keys);
  } else {
    needed.named = &named_sessions_.entry(named_cache_key(visitor, event.session_id));
    if (named_sessions_.ask(*needed.named))
      keys.push_back(visitor_row(visitor, "session", 0, event.session_id));
  }
}

void UserActivityProcessor::missing(std::span<const LoggedEvent> batch, std::vector<RowKey>& keys) {
  if (std::exchange(settled_, false)) return;
  needed_.assign(batch.size(), {});
  fetch_places(batch);
  // Memory answers late: what an event needs is fetched while those before it are looked up.
  constexpr std::size_t ahead = 8;
  for (std::size_t i = 0; i < batch.size() + 2 * ahead; ++i) {
    if (i < batch.size()) {
      days_.prefetch_entry(needed_[i].hash);
      if (needed_[i].near != needed_[i].number) days_.prefetch_entry(needed_[i].near_hash);
    }
    if (i >= ahead && i - ahead < batch.size()) days_.prefetch_state(needed_[i - ahead].hash);
    if (i >= 2 * ahead) look_up(batch[i - 2 * ahead], needed_[i - 2 * ahead], keys);
  }
  settled_ = !keys.empty();
}

void UserActivityProcessor::fetch_places(std::span<const LoggedEvent> batch) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    Needed& needed = needed_[i];
    needed.number = id_day(batch[i]);
    build_cache_key(key_, batch[i].event.visitor(), needed.number);
    needed.hash = Days::hash_of(key_);
    days_.prefetch_place(needed.hash);
    const Timestamp time = batch[i].event.time;
    needed.near = day_of(time - options_.session_gap);
    if (needed.near == needed.number) needed.near = day_of(time + options_.session_gap);
    if (needed.near == needed.number) continue;
    build_cache_key(key_, batch[i].event.visitor(), needed.near);
    needed.near_hash = Days::hash_of(key_);
    days_.prefetch_place(needed.near_hash);
  }
}

Status UserActivityProcessor::loaded(const RowKey& key,
                                     const std::optional<storage::StoredRow>& row) {
  const auto decoded = schema::VisitorsKey::decode(key.partition, key.clustering);
  if (!decoded)
    return fail(ErrorCode::internal, "a row of another table was loaded into user activity");
  if (decoded->facet == "carts") return carts_.put(decoded->visitor, row);
  if (decoded->facet == "session")
    return named_sessions_.put(named_cache_key(decoded->visitor, decoded->id), row);
  build_cache_key(key_, decoded->visitor, decoded->at);
  BB_RETURN_IF_ERROR(days_.put(key_, row));
  if (!row) return ok();
  const VisitorDay& loaded_day = days_.find(key_)->state;
  const auto goes_on = [&](const Session& session) { return day_of(session.end) != decoded->at; };
  if (loaded_day.carried_from || std::ranges::any_of(loaded_day.sessions, goes_on))
    settled_ = false;
  return ok();
}

namespace {

RowKey cart_row_key(std::string_view visitor, const CartSummary& cart) {
  schema::CartsByActivityKey key;
  key.day = day_of(cart.last_activity);
  key.time = cart.last_activity;
  key.visitor = visitor;
  key.cart = cart.name;
  return storage::RowKey::of(key);
}

std::string cart_json(std::string_view visitor, const CartSummary& cart) {
  fraud::JsonText out;
  out.open_object().key("visitor").text(visitor).key("cart").text(cart.name);
  out.key("last_activity").text(format_timestamp(cart.last_activity));
  out.key("items").integer(cart.pieces).key("value").money(events::Micros(cart.worth));
  out.key("currency").text(cart.currency.text()).key("country").text(cart.origin.country);
  out.close_object();
  return out.take();
}

}  // namespace

void UserActivityProcessor::emit_cart_rows(std::string_view visitor, const VisitorCartsRow& row,
                                           Position upto, std::vector<Mutation>& out) const {
  std::vector<RowKey> kept;
  for (const CartSummary& cart : row.standing) {
    if (cart.converted) continue;
    kept.push_back(cart_row_key(visitor, cart));
    if (contains(row.stated, cart)) continue;
    std::optional<Timestamp> expires_at;
    if (options_.cart_retention != Milliseconds::max())
      expires_at = cart.last_activity + options_.cart_retention;
    out.push_back({kept.back(), cart_json(visitor, cart), upto, expires_at});
  }
  for (const CartSummary& cart : row.stated) {
    if (cart.converted) continue;
    RowKey key = cart_row_key(visitor, cart);
    if (std::find(kept.begin(), kept.end(), key) == kept.end())
      out.push_back({std::move(key), "", upto, std::nullopt});
  }
}

Levels UserActivityProcessor::drain(Position upto) {
  std::vector<Mutation> carts;
  std::vector<Mutation> rows;
  carts_.for_each_dirty([&](const std::string& visitor, Carts::Entry& entry) {
    if (!entry.state.pending) return;
    emit_cart_rows(visitor, entry.state, upto, carts);
    entry.state.carts.forget_sealed();
    entry.state.stated = {};
    entry.state.standing = {};
    entry.state.pending = false;
  });
  rows.reserve(carts_.changed() + days_.changed() + named_sessions_.changed());
  carts_.drain(upto, [&](const std::string& visitor, const VisitorCartsRow& row) {
    rows.push_back({visitor_row(visitor, "carts", 0, ""), row.encode(), upto, std::nullopt});
  });
  days_.drain(upto, [&](const std::string& key, const VisitorDay& day) {
    rows.push_back({visitor_row(visitor_of(key), "day", number_of(key), ""), day.encode(), upto,
                    std::nullopt});
  });
  named_sessions_.drain(upto, [&](const std::string& key, const NamedSession& named) {
    rows.push_back({visitor_row(visitor_of_named(key), "session", 0, named.session->id),
                    named.encode(), upto, std::nullopt});
  });
  return {{std::move(carts), std::move(rows)}};
}

std::size_t UserActivityProcessor::memory() const {
  return days_.memory() + carts_.memory() + named_sessions_.memory() +
         taken_back_.capacity() * sizeof(Taken);
}

void UserActivityProcessor::shrink(std::size_t target) {
  // The three hold rows of the same visitors: each gives in proportion to what it holds.
  const std::size_t held = memory();
  if (held <= target) return;
  const double share = static_cast<double>(target) / static_cast<double>(held);
  const auto part = [share](std::size_t bytes) {
    return static_cast<std::size_t>(static_cast<double>(bytes) * share);
  };
  days_.shrink(part(days_.memory()));
  carts_.shrink(part(carts_.memory()));
  named_sessions_.shrink(part(named_sessions_.memory()));
}

}  // namespace bytebasket::processors
