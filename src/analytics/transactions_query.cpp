#include "analytics/transactions_query.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/hex.hpp"

namespace bytebasket::analytics {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t most_rows_looked_at = 50'000;
constexpr std::uint32_t rows_at_once = 1000;
constexpr std::int64_t longest_range_days = 3'660;
constexpr std::int64_t alert_months = 120;

std::int64_t day_of(Timestamp time) {
  return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

std::int64_t month_of(Timestamp time) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  return static_cast<int>(date.year()) * 12 +
         static_cast<int>(static_cast<unsigned>(date.month())) - 1;
}

/// Where a page ended: the number of a partition and the clustering key in it. As text
/// `number.hex`.
struct Place {
  std::int64_t partition = 0;
  std::string clustering;
};

std::string text_of(const Place& place) {
  std::string text = std::to_string(place.partition) + ".";
  append_hex(text, place.clustering);
  return text;
}

Result<Place> parse_place(std::string_view text) {
  Place place;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [point, problem] = std::from_chars(begin, end, place.partition);
  bool good = problem == std::errc() && point != end && *point == '.' && (end - point) % 2 == 1;
  for (const char* at = point + 1; good && at < end; at += 2) {
    unsigned byte = 0;
    const auto [stop, wrong] = std::from_chars(at, at + 2, byte, 16);
    good = wrong == std::errc() && stop == at + 2;
    place.clustering += static_cast<char>(byte);
  }
  if (good) return place;
  return fail(ErrorCode::invalid_argument, "cursor='" + std::string(text.substr(0, 80)) +
                                               "' is not allowed: the `next` of an answer");
}

/// A list that is spread over numbered partitions, newest first.
struct List {
  schema::TableId table{};
  std::int64_t newest = 0;  ///< partitions
  std::int64_t oldest = 0;
  std::function<std::string(std::int64_t)> partition_key;
  std::string from;          ///< clustering keys, in every partition
  std::string until;         ///< exclusive; empty: all
  std::string must_contain;  ///< of a row's document; empty: anything
};

/// Collects rows of a list until the page is full or enough was looked at.
class Page {
 public:
  Page(storage::TableStore& tables, const List& list, std::uint32_t limit)
      : tables_(tables), list_(list), limit_(limit) {}

  Result<std::string> answer(std::string_view name, std::string_view cursor) {
    Place at{list_.newest, list_.from};
    if (!cursor.empty()) {
      BB_ASSIGN_OR_RETURN(at, parse_place(cursor));
      if (at.partition > list_.newest) at = {list_.newest, list_.from};
    }
    while (!full() && at.partition >= list_.oldest) {
      BB_RETURN_IF_ERROR(take_from(at));
    }
    std::string body = "{\"" + std::string(name) + "\":[" + rows_ + "],\"next\":";
    return body + (at.partition < list_.oldest ? "null" : "\"" + text_of(at) + "\"") + "}";
  }

 private:
  [[nodiscard]] bool full() const { return taken_ == limit_ || looked_at_ >= most_rows_looked_at; }

  Status take_from(Place& at) {
    storage::ScanRequest request{
        list_.table, list_.partition_key(at.partition), at.clustering, list_.until, false, 0};
    // Without a filter a page needs no more rows than it takes.
    request.limit =
        list_.must_contain.empty() ? std::min(rows_at_once, limit_ - taken_) : rows_at_once;
    BB_ASSIGN_OR_RETURN(const storage::ScanPage page,
                        storage::scan_now(tables_, std::move(request)));
    for (const storage::StoredRow& row : page.rows) {
      if (taken_ == limit_) {
        at.clustering = row.clustering;
        return ok();
      }
      ++looked_at_;
      if (row.value.find(list_.must_contain) == std::string::npos) continue;
      if (taken_ > 0) rows_ += ',';
      rows_ += row.value;
      ++taken_;
    }
    if (page.next) {
      at.clustering = *page.next;
    } else {
      at = {at.partition - 1, list_.from};
    }
    return ok();
  }

  storage::TableStore& tables_;
  const List& list_;
  std::uint32_t limit_;
  std::uint32_t taken_ = 0;
  std::uint32_t looked_at_ = 0;
  std::string rows_;
};

Result<Timestamp> time_parameter(Parameters parameters, std::string_view name,
                                 Timestamp otherwise) {
  const auto text = parameter(parameters, name);
  if (!text) return otherwise;
  const auto time = parse_timestamp(*text);
  if (time) return *time;
  return fail(ErrorCode::invalid_argument,
              std::string(name) + "=" + std::string(text->substr(0, 80)) +
                  " is not allowed: RFC 3339, such as 2026-11-22T10:00:00Z");
}

Result<std::uint32_t> page_limit(Parameters parameters) {
  if (!parameter(parameters, "limit")) return TransactionQuery::usual_limit;
  return limit_parameter(parameters, TransactionQuery::max_limit);
}

Result<std::string> choice(Parameters parameters, std::string_view name,
                           const std::array<std::string_view, 3>& allowed) {
  const auto given = parameter(parameters, name);
  if (!given) return std::string();
  if (std::find(allowed.begin(), allowed.end(), *given) != allowed.end())
    return std::string(*given);
  std::string message =
      std::string(name) + "=" + std::string(given->substr(0, 80)) + " is not allowed:";
  for (const std::string_view each : allowed) message.append(" ").append(each);
  return fail(ErrorCode::invalid_argument, std::move(message));
}

std::string newest_before(Timestamp time) {
  std::string key;
  append_key_int_descending(key, to_ms(time) - 1);
  return key;
}

List list_of(const TransactionQuery& query) {
  List list;
  list.from = newest_before(query.to);
  list.until = newest_before(query.from);
  // Strings in a document have their quotes escaped, so this stands only where the decision does.
  if (!query.decision.empty()) list.must_contain = "\"decision\":\"" + query.decision + "\"";
  if (!query.customer.empty()) {
    schema::TransactionsByCustomerKey key;
    key.customer = query.customer;
    list.table = schema::TableId::transactions_by_customer;
    list.partition_key = [partition = key.partition_key()](std::int64_t) { return partition; };
    return list;
  }
  list.table = schema::TableId::transactions_by_time;
  list.newest = day_of(query.to - Milliseconds(1));
  list.oldest = day_of(query.from);
  list.partition_key = [](std::int64_t day) {
    schema::TransactionsByTimeKey key;
    key.day = day;
    return key.partition_key();
  };
  return list;
}

Result<Json> document_of(const std::optional<storage::StoredRow>& row, std::string_view table) {
  if (!row) return Json();
  Json json = Json::parse(row->value, nullptr, false);
  if (json.is_object()) return json;
  return fail(ErrorCode::corrupt,
              "a row of the table " + std::string(table) + " is no JSON object");
}

}  // namespace

Result<TransactionQuery> parse_transaction_query(Parameters parameters, Timestamp now) {
  BB_RETURN_IF_ERROR(
      only_parameters(parameters, {"from", "to", "customer", "decision", "limit", "cursor"}));
  TransactionQuery query;
  BB_ASSIGN_OR_RETURN(query.to, time_parameter(parameters, "to", now + Milliseconds(1)));
  BB_ASSIGN_OR_RETURN(query.from,
                      time_parameter(parameters, "from", query.to - std::chrono::days(1)));
  if (query.from > query.to) return fail(ErrorCode::invalid_argument, "from is after to");
  if (query.to - query.from > std::chrono::days(longest_range_days)) {
    return fail(ErrorCode::invalid_argument, "from and to are more than ten years apart");
  }
  BB_ASSIGN_OR_RETURN(query.decision,
                      choice(parameters, "decision", {"approve", "review", "decline"}));
  BB_ASSIGN_OR_RETURN(query.limit, page_limit(parameters));
  query.customer = parameter(parameters, "customer").value_or("");
  query.cursor = parameter(parameters, "cursor").value_or("");
  return query;
}

Result<AlertQuery> parse_alert_query(Parameters parameters) {
  BB_RETURN_IF_ERROR(only_parameters(parameters, {"state", "limit", "cursor"}));
  AlertQuery query;
  BB_ASSIGN_OR_RETURN(query.state, choice(parameters, "state", {"open", "confirmed", "dismissed"}));
  if (query.state.empty()) query.state = "open";
  BB_ASSIGN_OR_RETURN(query.limit, page_limit(parameters));
  query.cursor = parameter(parameters, "cursor").value_or("");
  return query;
}

Result<std::string> TransactionReader::list(const TransactionQuery& query) {
  const List list = list_of(query);
  return Page(tables_, list, query.limit).answer("transactions", query.cursor);
}

Result<std::string> TransactionReader::alerts(const AlertQuery& query, Timestamp now) {
  List list;
  list.table = schema::TableId::alerts_by_state;
  list.newest = month_of(now + std::chrono::days(1));  // a client's clock may be ahead
  list.oldest = list.newest - alert_months;
  list.partition_key = [&query](std::int64_t month) {
    schema::AlertsByStateKey key;
    key.state = query.state;
    key.month = month;
    return key.partition_key();
  };
  return Page(tables_, list, query.limit).answer("alerts", query.cursor);
}

Result<std::string> TransactionReader::one(std::string_view transaction_id) {
  schema::OrdersKey order;
  order.order_id = transaction_id;
  order.facet = "state";
  schema::DecisionsKey decision;
  decision.transaction_id = transaction_id;
  decision.facet = "decision";
  // One after the other: a decision is written before the order it is derived from, so whoever
  // finds the order finds its decision, also while both are being written.
  BB_ASSIGN_OR_RETURN(const auto order_row,
                      storage::get_one_now(tables_, storage::RowKey::of(order)));
  BB_ASSIGN_OR_RETURN(const auto decision_row,
                      storage::get_one_now(tables_, storage::RowKey::of(decision)));
  if (!order_row && !decision_row) {
    return fail(ErrorCode::not_found,
                "no transaction '" + std::string(transaction_id.substr(0, 200)) + "'");
  }
  BB_ASSIGN_OR_RETURN(Json order_json, document_of(order_row, "orders"));
  BB_ASSIGN_OR_RETURN(Json decision_json, document_of(decision_row, "decisions"));
  Json whole;
  whole["transaction_id"] = transaction_id;
  if (order_json.is_object()) {
    for (const char* internal : {"order_id", "judged", "entities", "marked", "label"})
      order_json.erase(internal);
    whole["order"] = std::move(order_json);
  }
  if (decision_json.is_object()) {
    if (decision_json.contains("label")) whole["label"] = decision_json["label"];
    for (const char* elsewhere : {"transaction_id", "label"}) decision_json.erase(elsewhere);
    whole["decision"] = std::move(decision_json);
  }
  return whole.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bytebasket::analytics
