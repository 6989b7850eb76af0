#include "processors/user_activity_processor.hpp"

#include <algorithm>
#include <utility>

#include "base/hash.hpp"
#include "processors/event_facts.hpp"
#include "processors/user_activity_keys.hpp"

namespace bytebasket::processors {

using events::Event;
using events::EventKind;

namespace {

Session begun_by(const LoggedEvent& logged) {
  Session session = Session::of(logged.event, logged.received_at, logged.append_time);
  session.pending = true;
  return session;
}

void restate_carts(std::string_view visitor, VisitorCartsRow& row, metrics::FactSink& facts) {
  row.standing = row.carts.summaries();
  for (const CartSummary& cart : row.stated) {
    if (!contains(row.standing, cart)) cart.state(visitor, -1, facts);
  }
  for (const CartSummary& cart : row.standing) {
    if (!contains(row.stated, cart)) cart.state(visitor, 1, facts);
  }
}

}  // namespace

UserActivityProcessor::Days::Entry* UserActivityProcessor::find_day(std::string_view visitor,
                                                                    std::int64_t number) {
  build_cache_key(key_, visitor, number);
  return days_.find(key_);
}

UserActivityProcessor::Days::Entry& UserActivityProcessor::day_to_change(std::string_view visitor,
                                                                         std::int64_t number) {
  build_cache_key(key_, visitor, number);
  Days::Entry& entry = days_.entry(key_);
  // What missing() did not ask for never was: it is held from here on.
  static_cast<void>(days_.ask(entry));
  return entry;
}

bool UserActivityProcessor::is_without_sessions(std::string_view visitor, std::int64_t number) {
  const Days::Entry* entry = find_day(visitor, number);
  return entry == nullptr || (entry->state.sessions.empty() && !entry->state.carried_from);
}

void UserActivityProcessor::apply(std::span<const LoggedEvent> batch, metrics::FactSink& facts) {
  for (std::size_t i = 0; i < batch.size(); ++i) apply_one(batch[i], needed_[i], facts);
}

void UserActivityProcessor::apply_one(const LoggedEvent& logged, const Needed& needed,
                                      metrics::FactSink& facts) {
  const Event& event = logged.event;
  if (is_duplicate(logged, needed)) return;
  if (event.kind != EventKind::order_marked)
    state_event_and_lines(event, logged.append_time, facts);
  if (needed.named != nullptr) {
    add_to_named_session(logged, *needed.named);
  } else {
    add_to_gap_session(logged, needed);
  }
  if (needed.carts != nullptr) add_to_carts(logged, *needed.carts);
}

bool UserActivityProcessor::is_duplicate(const LoggedEvent& logged, const Needed& needed) {
  const std::uint64_t message_id = hash64(logged.event.message_id);
  // Without a time of the client's, a repetition may have been received on the day before or after:
  // which of the two stands first in the log is not said.
  for (const Days::Entry* beside : {needed.day_before, needed.day_after}) {
    if (beside != nullptr && beside->state.knows(message_id)) return true;
  }
  Days::Entry& entry = *needed.day;
  // A row that is further than this event has it (and all that came of it) in it already.
  if (entry.position >= logged.position || !entry.state.remember(message_id)) return true;
  days_.touch(entry);
  return false;
}

void UserActivityProcessor::take_back(std::string_view visitor, Session& session) {
  if (session.pending) return;
  taken_back_.push_back({std::string(visitor), session});
  session.pending = true;
}

void UserActivityProcessor::add_to_named_session(const LoggedEvent& logged,
                                                 NamedSessions::Entry& entry) {
  auto& session = entry.state.session;
  if (session) {
    take_back(logged.event.visitor(), *session);
    session->add(logged.event, logged.received_at, logged.append_time);
  } else {
    session = begun_by(logged);
  }
  named_sessions_.touch(entry);
}

std::vector<std::int64_t> UserActivityProcessor::session_days(std::string_view visitor,
                                                              Timestamp time) {
  const Milliseconds gap = options_.session_gap;
  std::int64_t first = day_of(time - gap);
  if (const Days::Entry* entry = find_day(visitor, first))
    first = entry->state.carried_from.value_or(first);
  std::vector<std::int64_t> numbers;
  for (std::int64_t number = first; number <= day_of(time + gap); ++number)
    numbers.push_back(number);
  return numbers;
}

bool UserActivityProcessor::add_within_day(const LoggedEvent& logged, Days::Entry& entry) {
  const Timestamp time = logged.event.time;
  const Milliseconds gap = options_.session_gap;
  const std::string_view visitor = logged.event.visitor();
  const std::int64_t number = day_of(time);
  if (entry.state.carried_from) return false;
  for (const std::int64_t near : {day_of(time - gap), day_of(time + gap)}) {
    if (near != number && !is_without_sessions(visitor, near)) return false;
  }
  Session* touched = nullptr;
  for (Session& session : entry.state.sessions) {
    if (!session.reaches(time, gap)) continue;
    if (touched != nullptr) return false;
    touched = &session;
  }
  if (touched == nullptr) {
    entry.state.put_in_order(begun_by(logged));
  } else {
    if (day_of(touched->end) != number) return false;
    take_back(visitor, *touched);
    touched->add(logged.event, logged.received_at, logged.append_time);
  }
  days_.touch(entry);
  return true;
}

void UserActivityProcessor::add_to_gap_session(const LoggedEvent& logged, const Needed& needed) {
  const std::string_view visitor = logged.event.visitor();
  const Timestamp time = logged.event.time;
  const std::int64_t today = day_of(time);
  // Nearly always: one session of this day goes on and stays where it stands, or one begins.
  if (add_within_day(logged, today == needed.number ? *needed.day : day_to_change(visitor, today)))
    return;
  Session addition = begun_by(logged);
  for (const std::int64_t number : session_days(visitor, time)) {
    auto* entry = find_day(visitor, number);
    if (entry == nullptr) continue;
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
    Days::Entry& entry = day_to_change(visitor, number);
    entry.state.carried_from = first;
    days_.touch(entry);
  }
  Days::Entry& entry = day_to_change(visitor, first);
  entry.state.put_in_order(std::move(addition));
  days_.touch(entry);
}

void UserActivityProcessor::add_to_carts(const LoggedEvent& logged, Carts::Entry& entry) {
  VisitorCartsRow& row = entry.state;
  if (!row.pending) {
    row.stated = row.carts.summaries();
    row.pending = true;
  }
  row.carts.apply(logged.event, logged.append_time);
  carts_.touch(entry);
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
    entry.state.session->state(visitor_of_named(key), 1, facts);
    entry.state.session->pending = false;
  });
  carts_.for_each_dirty([&](const std::string& visitor, Carts::Entry& entry) {
    if (entry.state.pending) restate_carts(visitor, entry.state, facts);
  });
}

}  // namespace bytebasket::processors
