#include "processors/user_activity_processor.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/hash.hpp"
#include "processors/event_facts.hpp"

namespace bytebasket::processors {
namespace {

using events::Event;
using events::EventKind;
using schema::VisitorsKey;
using storage::Mutation;
using storage::RowKey;

/// A cache key: the clustering part with the visitor behind it, so that it can be split again.
void build_key(std::string& key, std::string_view visitor, std::int64_t number) {
  key.clear();
  append_key_int(key, number);
  key.append(visitor);
}

std::string_view visitor_of(std::string_view key) { return key.substr(sizeof(std::int64_t)); }

std::int64_t number_of(std::string_view key) { return take_key_int(key).value_or(0); }

/// A cache key of a named session: visitor and session id, split by the length of the visitor.
std::string named_key(std::string_view visitor, std::string_view session) {
  std::string key;
  build_key(key, visitor, static_cast<std::int64_t>(visitor.size()));
  return key.append(session);
}

RowKey row_key(std::string_view visitor, std::string_view facet, std::int64_t at,
               std::string_view id) {
  VisitorsKey key;
  key.visitor = visitor;
  key.facet = facet;
  key.at = at;
  key.id = id;
  return {VisitorsKey::table, key.partition_key(), key.clustering_key()};
}

/// The day an event's message id is remembered in.
std::int64_t id_day(const LoggedEvent& logged) {
  return day_of(logged.event.has_original_time ? logged.event.original_time : logged.received_at);
}

}  // namespace

UserActivityProcessor::Days::Entry* UserActivityProcessor::day(std::string_view visitor,
                                                               std::int64_t number) {
  if (last_day_.entry != nullptr && last_day_.number == number && last_day_.visitor == visitor) {
    return last_day_.entry;
  }
  build_key(key_, visitor, number);
  auto* entry = days_.find(key_);
  if (entry != nullptr) {
    last_day_.visitor = visitor;
    last_day_.number = number;
    last_day_.entry = entry;
  }
  return entry;
}

void UserActivityProcessor::need_day(std::string_view visitor, std::int64_t number,
                                     std::vector<RowKey>& keys) {
  build_key(key_, visitor, number);
  if (days_.request(key_)) keys.push_back(row_key(visitor, "day", number, ""));
}

void UserActivityProcessor::need_session_days(std::string_view visitor, Timestamp time,
                                              std::vector<RowKey>& keys) {
  const Milliseconds gap = options_.session_gap;
  std::int64_t first = day_of(time - gap);
  std::int64_t last = day_of(time + gap);
  // A session that began on an earlier day, or that goes on into later ones, has rows to mend on
  // all of them.
  if (const auto* entry = day(visitor, first)) first = entry->state.carried_from.value_or(first);
  for (std::int64_t number = first; number <= last; ++number) {
    const auto* entry = day(visitor, number);
    if (entry == nullptr) {
      need_day(visitor, number, keys);
      continue;
    }
    for (const Session& session : entry->state.sessions) last = std::max(last, day_of(session.end));
  }
}

void UserActivityProcessor::missing(std::span<const LoggedEvent> batch, std::vector<RowKey>& keys) {
  if (std::exchange(settled_, false)) return;
  for (const LoggedEvent& logged : batch) {
    const Event& event = logged.event;
    const std::string_view visitor = event.visitor();
    if (VisitorCarts::concerns(event) && carts_.request(visitor)) {
      keys.push_back(row_key(visitor, "carts", 0, ""));
    }
    need_day(visitor, id_day(logged), keys);
    if (!event.has_original_time) need_day(visitor, id_day(logged) - 1, keys);
    if (event.session_id.empty()) {
      need_session_days(visitor, event.time, keys);
    } else if (named_sessions_.request(named_key(visitor, event.session_id))) {
      keys.push_back(row_key(visitor, "session", 0, event.session_id));
    }
  }
  settled_ = !keys.empty();
}

Status UserActivityProcessor::loaded(const RowKey& key,
                                     const std::optional<storage::StoredRow>& row) {
  const auto decoded = VisitorsKey::decode(key.partition, key.clustering);
  if (!decoded)
    return fail(ErrorCode::internal, "a row of another table was loaded into user activity");
  if (decoded->facet == "carts") return carts_.put(decoded->visitor, row);
  if (decoded->facet == "session")
    return named_sessions_.put(named_key(decoded->visitor, decoded->id), row);
  build_key(key_, decoded->visitor, decoded->at);
  BB_RETURN_IF_ERROR(days_.put(key_, row));
  const VisitorDay& loaded_day = days_.find(key_)->state;
  const auto goes_on = [&](const Session& session) { return day_of(session.end) != decoded->at; };
  if (loaded_day.carried_from || std::ranges::any_of(loaded_day.sessions, goes_on))
    settled_ = false;
  return ok();
}

bool UserActivityProcessor::is_duplicate(const LoggedEvent& logged, std::string_view visitor,
                                         std::uint64_t message_id) {
  const std::int64_t number = id_day(logged);
  // Without a time of the client's, a repetition may have been received on the next day.
  if (!logged.event.has_original_time && day(visitor, number - 1)->state.knows(message_id))
    return true;
  auto* entry = day(visitor, number);
  // A row that is further than this event has it (and all that came of it) in it already.
  if (entry->position >= logged.position || !entry->state.remember(message_id)) return true;
  days_.touch(*entry);
  return false;
}

void UserActivityProcessor::apply(const LoggedEvent& logged, metrics::FactSink& facts) {
  const Event& event = logged.event;
  const std::string_view visitor = event.visitor();
  if (is_duplicate(logged, visitor, hash64(event.message_id))) return;
  if (event.kind != EventKind::order_marked) {
    state_event(event, logged.append_time, facts);
    state_lines(event, logged.append_time, facts);
  }
  add_to_session(logged, visitor);
  if (VisitorCarts::concerns(event)) add_to_carts(logged, visitor);
}

void UserActivityProcessor::add_to_session(const LoggedEvent& logged, std::string_view visitor) {
  Session addition = Session::of(logged.event, logged.received_at, logged.append_time);
  if (addition.id.empty()) {
    add_to_gap_session(visitor, std::move(addition));
  } else {
    add_to_named_session(visitor, std::move(addition));
  }
}

void UserActivityProcessor::take_back(std::string_view visitor, Session& session) {
  if (session.pending) return;
  taken_back_.push_back({std::string(visitor), session});
  session.pending = true;
}

void UserActivityProcessor::add_to_named_session(std::string_view visitor, Session addition) {
  const std::string key = named_key(visitor, addition.id);
  auto* entry = named_sessions_.find(key);
  auto& session = entry->state.session;
  if (session) {
    take_back(visitor, *session);
    session->merge(addition);
  } else {
    session = std::move(addition);
    session->pending = true;
  }
  named_sessions_.touch(*entry);
}

std::vector<std::int64_t> UserActivityProcessor::session_days(std::string_view visitor,
                                                              Timestamp time) {
  const Milliseconds gap = options_.session_gap;
  std::int64_t first = day_of(time - gap);
  if (const auto carried = day(visitor, first)->state.carried_from) first = *carried;
  std::vector<std::int64_t> numbers;
  for (std::int64_t number = first; number <= day_of(time + gap); ++number)
    numbers.push_back(number);
  return numbers;
}

bool UserActivityProcessor::extend_in_place(std::string_view visitor, const Session& addition) {
  const Timestamp time = addition.start;
  const Milliseconds gap = options_.session_gap;
  const std::int64_t number = day_of(time);
  if (day_of(time - gap) != number || day_of(time + gap) != number) return false;
  auto* entry = day(visitor, number);
  if (entry->state.carried_from) return false;
  Session* touched = nullptr;
  for (Session& session : entry->state.sessions) {
    if (!session.reaches(time, gap)) continue;
    if (touched != nullptr) return false;
    touched = &session;
  }
  if (touched == nullptr || day_of(touched->end) != number) return false;
  take_back(visitor, *touched);
  touched->merge(addition);
  days_.touch(*entry);
  return true;
}

void UserActivityProcessor::add_to_gap_session(std::string_view visitor, Session addition) {
  // Nearly always: one session of this day goes on, and stays where it stands.
  if (extend_in_place(visitor, addition)) return;
  addition.pending = true;
  const Timestamp time = addition.start;
  for (const std::int64_t number : session_days(visitor, time)) {
    auto* entry = day(visitor, number);
    auto& sessions = entry->state.sessions;
    const auto joins = [&](Session& session) {
      if (!session.reaches(time, options_.session_gap)) return false;
      // All that touch are taken out here; what they make together is put in below.
      take_back(visitor, session);
      addition.merge(session);
      return true;
    };
    if (std::erase_if(sessions, joins) > 0) days_.touch(*entry);
  }
  const std::int64_t first = day_of(addition.start);
  for (std::int64_t number = first + 1; number <= day_of(addition.end); ++number) {
    auto* entry = day(visitor, number);
    entry->state.carried_from = first;
    days_.touch(*entry);
  }
  auto* entry = day(visitor, first);
  auto& sessions = entry->state.sessions;
  const auto after = std::upper_bound(
      sessions.begin(), sessions.end(), addition.start,
      [](Timestamp start, const Session& session) { return start < session.start; });
  sessions.insert(after, std::move(addition));
  days_.touch(*entry);
}

void UserActivityProcessor::add_to_carts(const LoggedEvent& logged, std::string_view visitor) {
  auto* entry = carts_.find(visitor);
  VisitorCartsRow& row = entry->state;
  if (!row.pending) {
    row.stated = row.carts.summaries();
    row.pending = true;
  }
  row.carts.apply(logged.event, logged.append_time);
  carts_.touch(*entry);
}

Status UserActivityProcessor::control(std::string_view, Position) { return ok(); }

void UserActivityProcessor::restate(metrics::FactSink& facts) {
  for (const Taken& taken : taken_back_) taken.session.state(taken.visitor, -1, facts);
  taken_back_.clear();
  days_.for_each_dirty([&](const std::string& key, Days::Entry& entry) {
    for (Session& session : entry.state.sessions) {
      if (!session.pending) continue;
      session.state(visitor_of(key), 1, facts);
      session.pending = false;
    }
  });
  named_sessions_.for_each_dirty([&](const std::string& key, NamedSessions::Entry& entry) {
    if (!entry.state.session || !entry.state.session->pending) return;
    const auto visitor = visitor_of(key).substr(0, static_cast<std::size_t>(number_of(key)));
    entry.state.session->state(visitor, 1, facts);
    entry.state.session->pending = false;
  });
  carts_.for_each_dirty([&](const std::string& visitor, Carts::Entry& entry) {
    if (!entry.state.pending) return;
    for (const CartSummary& cart : entry.state.stated) cart.state(visitor, -1, facts);
    for (const CartSummary& cart : entry.state.carts.summaries()) cart.state(visitor, 1, facts);
  });
}

namespace {

RowKey cart_row_key(std::string_view visitor, const CartSummary& cart) {
  schema::CartsByActivityKey key;
  key.day = day_of(cart.last_activity);
  key.time = cart.last_activity;
  key.visitor = visitor;
  key.cart = cart.name;
  return {schema::CartsByActivityKey::table, key.partition_key(), key.clustering_key()};
}

std::string cart_json(std::string_view visitor, const CartSummary& cart) {
  return nlohmann::ordered_json{{"visitor", visitor},
                                {"cart", cart.name},
                                {"last_activity", format_timestamp(cart.last_activity)},
                                {"items", cart.pieces},
                                {"value", events::format_money(events::Micros(cart.worth))},
                                {"currency", cart.currency.text()},
                                {"country", cart.origin.country}}
      .dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

void UserActivityProcessor::emit_cart_rows(std::string_view visitor, const VisitorCartsRow& row,
                                           Position upto, std::vector<Mutation>& out) const {
  const auto summaries = row.carts.summaries();
  const auto open_row = [&](const CartSummary& cart) { return !cart.converted; };
  std::vector<RowKey> kept;
  for (const CartSummary& cart : summaries) {
    if (!open_row(cart)) continue;
    std::optional<Timestamp> expires_at;
    if (options_.cart_retention != Milliseconds::max())
      expires_at = cart.last_activity + options_.cart_retention;
    kept.push_back(cart_row_key(visitor, cart));
    out.push_back({kept.back(), cart_json(visitor, cart), upto, expires_at});
  }
  for (const CartSummary& cart : row.stated) {
    if (!open_row(cart)) continue;
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
    entry.state.stated.clear();
    entry.state.pending = false;
  });
  carts_.drain(upto, [&](const std::string& visitor, const VisitorCartsRow& row) {
    rows.push_back({row_key(visitor, "carts", 0, ""), row.encode(), upto, std::nullopt});
  });
  days_.drain(upto, [&](const std::string& key, const VisitorDay& day_row) {
    rows.push_back({row_key(visitor_of(key), "day", number_of(key), ""), day_row.encode(), upto,
                    std::nullopt});
  });
  named_sessions_.drain(upto, [&](const std::string& key, const NamedSession& named) {
    const auto visitor = visitor_of(key).substr(0, static_cast<std::size_t>(number_of(key)));
    rows.push_back(
        {row_key(visitor, "session", 0, named.session->id), named.encode(), upto, std::nullopt});
  });
  return {{std::move(carts), std::move(rows)}};
}

std::size_t UserActivityProcessor::memory() const {
  return days_.memory() + carts_.memory() + named_sessions_.memory() +
         taken_back_.capacity() * sizeof(Taken);
}

void UserActivityProcessor::shrink(std::size_t target) {
  last_day_ = {};
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
