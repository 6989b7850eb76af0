#include "analytics/api_carts.hpp"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

#include "base/bytes.hpp"

namespace bytebasket::analytics {
namespace {

using Json = nlohmann::ordered_json;
using schema::CartsByActivityKey;

constexpr Milliseconds furthest_back{400LL * 86'400'000};

std::int64_t day_of(Timestamp time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

std::string_view name_of(CartState state) {
  return state == CartState::open ? "open" : "abandoned";
}

/// Where a page ended: a day's partition and the clustering key in it. As text: `day.hex`.
struct CartCursor {
  std::int64_t day = 0;
  std::string from;

  [[nodiscard]] std::string text() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = std::to_string(day) + ".";
    for (const char c : from) {
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 0xF];
    }
    return out;
  }

  static Result<CartCursor> parse(std::string_view text) {
    CartCursor cursor;
    const auto bad = [text] {
      return fail(ErrorCode::invalid_argument, "cursor='" + std::string(text.substr(0, 80)) +
                                                   "' is not allowed: the `next` of an answer");
    };
    const auto [point, error] = std::from_chars(text.data(), text.data() + text.size(), cursor.day);
    if (error != std::errc() || point == text.data() + text.size() || *point != '.') return bad();
    const std::string_view hex = text.substr(static_cast<std::size_t>(point - text.data()) + 1);
    if (hex.size() % 2 != 0) return bad();
    for (std::size_t i = 0; i < hex.size(); i += 2) {
      unsigned byte = 0;
      const auto [end, wrong] = std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
      if (wrong != std::errc() || end != hex.data() + i + 2) return bad();
      cursor.from += static_cast<char>(byte);
    }
    return cursor;
  }
};

/// The days to look into, newest first, and the key at which abandoned carts begin in the day they
/// begin in.
struct CartRange {
  std::int64_t newest = 0;
  std::int64_t oldest = 0;
  std::int64_t boundary_day = 0;
  std::string boundary;
};

CartRange range_of(CartState state, const CartReaderOptions& options, Timestamp now) {
  CartRange range;
  const Timestamp abandoned_at = now - options.abandoned_after;
  range.boundary_day = day_of(abandoned_at);
  append_key_int_descending(range.boundary, to_ms(abandoned_at));
  if (state == CartState::open) {
    range.newest = day_of(now) + 1;  // a client's clock may be ahead
    range.oldest = range.boundary_day;
  } else {
    range.newest = range.boundary_day;
    range.oldest = day_of(now - std::min(options.retention, furthest_back));
  }
  return range;
}

Result<Json> cart_of(const storage::StoredRow& row, CartState state) {
  Json cart = Json::parse(row.value, nullptr, false);
  if (!cart.is_object())
    return fail(ErrorCode::corrupt, "a row of the table carts_by_activity is not a JSON object");
  cart["state"] = name_of(state);
  return cart;
}

}  // namespace

Result<CartQuery> parse_cart_query(Parameters parameters) {
  BB_RETURN_IF_ERROR(only_parameters(parameters, {"state", "limit", "cursor"}));
  CartQuery query;
  BB_ASSIGN_OR_RETURN(query.limit, limit_parameter(parameters, CartQuery::max_limit));
  if (const auto state = parameter(parameters, "state")) {
    if (*state != "open" && *state != "abandoned") {
      return fail(ErrorCode::invalid_argument,
                  "state='" + std::string(*state) + "' is not allowed: open, abandoned");
    }
    query.state = *state == "open" ? CartState::open : CartState::abandoned;
  }
  query.cursor = parameter(parameters, "cursor").value_or("");
  return query;
}

Result<std::string> CartReader::answer(const CartQuery& query, Timestamp now) {
  const CartRange range = range_of(query.state, options_, now);
  CartCursor place{range.newest, ""};
  if (!query.cursor.empty()) {
    BB_ASSIGN_OR_RETURN(place, CartCursor::parse(query.cursor));
    place.day = std::min(place.day, range.newest);
  }
  Json carts = Json::array();
  Json next = nullptr;
  while (place.day >= range.oldest && next.is_null()) {
    storage::ScanRequest scan;
    CartsByActivityKey key;
    key.day = place.day;
    scan.table = CartsByActivityKey::table;
    scan.partition = key.partition_key();
    scan.from = place.from;
    if (place.day == range.boundary_day) {
      if (query.state == CartState::open) scan.until = range.boundary;
      if (query.state == CartState::abandoned) scan.from = std::max(scan.from, range.boundary);
    }
    scan.limit = query.limit - static_cast<std::uint32_t>(carts.size());
    BB_ASSIGN_OR_RETURN(const storage::ScanPage page, storage::scan_now(tables_, std::move(scan)));
    for (const storage::StoredRow& row : page.rows) {
      BB_ASSIGN_OR_RETURN(Json cart, cart_of(row, query.state));
      carts.push_back(std::move(cart));
    }
    place = page.next ? CartCursor{place.day, *page.next} : CartCursor{place.day - 1, ""};
    if (carts.size() >= query.limit && place.day >= range.oldest) next = place.text();
  }
  return Json{{"carts", std::move(carts)}, {"next", std::move(next)}}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bytebasket::analytics
