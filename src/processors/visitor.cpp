#include "processors/visitor.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/bytes.hpp"

namespace bytebasket::processors {
namespace {

constexpr std::uint8_t format_version = 1;

/// Reads a whole row: the version, then `read`; anything else is corrupt.
template <typename State, typename Read>
Result<State> decode_row(std::string_view bytes, std::string_view what, Read read) {
  ByteReader in(bytes);
  const std::uint8_t version = in.take_u8();
  if (version != format_version) {
    return fail(ErrorCode::corrupt, std::string(what) + " has format version " +
                                        std::to_string(version) + "; this program reads version " +
                                        std::to_string(format_version));
  }
  State state = read(in);
  if (!in.ok() || !in.at_end())
    return fail(ErrorCode::corrupt, std::string(what) + " has broken bytes");
  return state;
}

}  // namespace

std::int64_t day_of(Timestamp time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

Result<VisitorCartsRow> VisitorCartsRow::decode(std::string_view bytes) {
  return decode_row<VisitorCartsRow>(bytes, "visitor carts", [](ByteReader& in) {
    return VisitorCartsRow{.carts = VisitorCarts::decode(in)};
  });
}

std::string VisitorCartsRow::encode() const {
  std::string bytes;
  ByteWriter out(bytes);
  out.put_u8(format_version);
  carts.encode(out);
  return bytes;
}

std::size_t VisitorCartsRow::bytes() const {
  return sizeof(VisitorCartsRow) + carts.bytes() + stated.capacity() * sizeof(CartSummary);
}

bool VisitorDay::remember(std::uint64_t message_id) {
  // A visit is some events: room for them costs less than to grow with each.
  if (message_ids.empty()) message_ids.reserve(4);
  const auto where = std::lower_bound(message_ids.begin(), message_ids.end(), message_id);
  if (where != message_ids.end() && *where == message_id) return false;
  message_ids.insert(where, message_id);
  return true;
}

bool VisitorDay::knows(std::uint64_t message_id) const {
  return std::binary_search(message_ids.begin(), message_ids.end(), message_id);
}

void VisitorDay::put_in_order(Session session) {
  const auto after =
      std::upper_bound(sessions.begin(), sessions.end(), session.start,
                       [](Timestamp start, const Session& other) { return start < other.start; });
  sessions.insert(after, std::move(session));
}

void VisitorDay::prefetch() const {
  __builtin_prefetch(message_ids.data());
  if (sessions.empty()) return;
  const char* const last = reinterpret_cast<const char*>(&sessions.back());
  for (std::size_t line = 0; line < sizeof(Session); line += 64) __builtin_prefetch(last + line);
}

Result<VisitorDay> VisitorDay::decode(std::string_view bytes) {
  return decode_row<VisitorDay>(bytes, "visitor day", [](ByteReader& in) {
    VisitorDay day;
    for (std::uint64_t left = in.take_varint(); left > 0 && in.ok(); --left)
      day.message_ids.push_back(in.take_u64());
    for (std::uint64_t left = in.take_varint(); left > 0 && in.ok(); --left)
      day.sessions.push_back(Session::decode(in));
    if (in.take_u8() != 0) day.carried_from = in.take_signed();
    return day;
  });
}

std::string VisitorDay::encode() const {
  std::string bytes;
  bytes.reserve(32 + message_ids.size() * sizeof(std::uint64_t) + sessions.size() * 256);
  ByteWriter out(bytes);
  out.put_u8(format_version);
  out.put_varint(message_ids.size());
  for (const std::uint64_t id : message_ids) out.put_u64(id);
  out.put_varint(sessions.size());
  for (const Session& session : sessions) session.encode(out);
  out.put_u8(carried_from ? 1 : 0);
  if (carried_from) out.put_signed(*carried_from);
  return bytes;
}

std::size_t VisitorDay::bytes() const {
  std::size_t bytes = sizeof(VisitorDay) + message_ids.capacity() * sizeof(std::uint64_t);
  for (const Session& session : sessions) bytes += session.bytes();
  return bytes;
}

Result<NamedSession> NamedSession::decode(std::string_view bytes) {
  return decode_row<NamedSession>(bytes, "session",
                                  [](ByteReader& in) { return NamedSession{Session::decode(in)}; });
}

std::string NamedSession::encode() const {
  std::string bytes;
  ByteWriter out(bytes);
  out.put_u8(format_version);
  if (session) session->encode(out);
  return bytes;
}

std::size_t NamedSession::bytes() const {
  return sizeof(NamedSession) + (session ? session->bytes() : 0);
}

namespace {

Status take_sessions(const storage::StoredRow& row, std::string_view partition,
                     std::vector<Session>& out) {
  const auto key = schema::VisitorsKey::decode(partition, row.clustering);
  if (!key) return fail(ErrorCode::corrupt, "a row of table visitors has a broken key");
  if (key->facet == "day") {
    BB_ASSIGN_OR_RETURN(const VisitorDay day, VisitorDay::decode(row.value));
    out.insert(out.end(), day.sessions.begin(), day.sessions.end());
  } else if (key->facet == "session") {
    BB_ASSIGN_OR_RETURN(const NamedSession named, NamedSession::decode(row.value));
    if (named.session) out.push_back(*named.session);
  }
  return ok();
}

nlohmann::ordered_json occurrences_json(const Occurrences& occurrences) {
  nlohmann::ordered_json json = {{"count", occurrences.count}};
  if (occurrences.count == 0) return json;
  json["first"] = format_timestamp(occurrences.first);
  json["last"] = format_timestamp(occurrences.last);
  return json;
}

/// The numbers of the steps that were reached; 63 stands for that and all later ones.
nlohmann::ordered_json steps_json(std::uint64_t steps) {
  auto numbers = nlohmann::ordered_json::array();
  for (int step = 0; step < 64; ++step) {
    if ((steps >> step & 1) != 0) numbers.push_back(step);
  }
  return numbers;
}

nlohmann::ordered_json session_json(const Session& session) {
  nlohmann::ordered_json json;
  if (!session.id.empty()) json["session_id"] = session.id;
  json["start"] = format_timestamp(session.start);
  json["end"] = format_timestamp(session.end);
  json["source"] = to_string(session.entry.source);
  json["country"] = session.entry.country;
  json["device"] = session.entry.device;
  json["campaign"] = session.entry.campaign;
  if (!session.entry.app.empty()) json["app"] = session.entry.app;
  json["received_first"] = format_timestamp(session.received_first);
  json["received_last"] = format_timestamp(session.received_last);
  json["entered_at_checkout"] = session.entry.group == events::EventGroup::checkout ||
                                session.entry.group == events::EventGroup::marker;
  json["events"] = session.events;
  json["product_views"] = occurrences_json(session.product_views);
  json["list_views"] = occurrences_json(session.list_views);
  json["adds_to_cart"] = occurrences_json(session.adds);
  json["removes_from_cart"] = occurrences_json(session.removes);
  json["carts_created"] = occurrences_json(session.carts_created);
  json["carts_emptied"] = occurrences_json(session.carts_emptied);
  json["cart_ids"] = session.carts.size();
  json["checkouts"] = occurrences_json(session.checkouts);
  json["checkout_starts"] = occurrences_json(session.checkout_starts);
  json["checkout_step_views"] = session.step_views.count;
  json["checkout_steps"] = steps_json(session.steps);
  auto& orders = json["orders"] = nlohmann::ordered_json::array();
  auto by_time = session.orders;
  std::stable_sort(by_time.begin(), by_time.end(),
                   [](const SessionOrder& a, const SessionOrder& b) { return a.time < b.time; });
  for (const SessionOrder& order : by_time) {
    orders.push_back({{"time", format_timestamp(order.time)},
                      {"currency", order.currency.text()},
                      {"revenue", events::format_money(events::Micros(order.revenue))},
                      {"quantity", order.quantity},
                      {"products", order.products}});
  }
  return json;
}

}  // namespace

Result<std::vector<Session>> sessions_of(storage::TableStore& tables, std::string_view visitor) {
  schema::VisitorsKey key;
  key.visitor = visitor;
  storage::ScanRequest request{.table = schema::TableId::visitors,
                               .partition = key.partition_key()};
  std::vector<Session> sessions;
  for (bool more = true; more;) {
    BB_ASSIGN_OR_RETURN(const storage::ScanPage page, storage::scan_now(tables, request));
    for (const storage::StoredRow& row : page.rows) {
      BB_RETURN_IF_ERROR(take_sessions(row, request.partition, sessions));
    }
    more = page.next.has_value();
    if (more) request.from = *page.next;
  }
  std::stable_sort(sessions.begin(), sessions.end(), [](const Session& a, const Session& b) {
    return std::tie(a.start, a.id) < std::tie(b.start, b.id);
  });
  return sessions;
}

Result<std::string> sessions_json(storage::TableStore& tables, std::string_view visitor) {
  BB_ASSIGN_OR_RETURN(const std::vector<Session> sessions, sessions_of(tables, visitor));
  nlohmann::ordered_json body = {{"visitor", visitor},
                                 {"sessions", nlohmann::ordered_json::array()}};
  for (const Session& session : sessions) body["sessions"].push_back(session_json(session));
  // A visitor's name comes from whoever asks, and may be no UTF-8.
  return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace bytebasket::processors
