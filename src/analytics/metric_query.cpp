#include "analytics/metric_query.hpp"

#include <charconv>
#include <set>

namespace bytebasket::analytics {
namespace {

constexpr std::string_view known_parameters =
    "from, to, grain, by, total, order, limit, cursor, or a dimension to keep only rows with that "
    "value";

tl::unexpected<Error> bad(std::string_view name, const std::string& value,
                          std::string_view allowed) {
  return fail(ErrorCode::invalid_argument,
              "parameter '" + std::string(name) + "': '" + value +
                  "' is not allowed; allowed: " + std::string(allowed));
}

Status read_time(std::string_view name, const std::string& value, std::optional<Timestamp>& time) {
  auto parsed = parse_timestamp(value);
  if (!parsed) return fail(parsed.error().within("parameter '" + std::string(name) + "'"));
  time = *parsed;
  return ok();
}

Status read_limit(const std::string& value, std::uint32_t& limit) {
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), limit);
  const bool number = error == std::errc() && end == value.data() + value.size();
  if (number && limit >= 1 && limit <= MetricQuery::max_limit) return ok();
  return bad("limit", value, "1 to 10000");
}

Status read_order(const std::string& value, RowOrder& order) {
  if (value == "time")
    order = RowOrder::time;
  else if (value == "value")
    order = RowOrder::value;
  else if (value == "-value")
    order = RowOrder::value_descending;
  else
    return bad("order", value, "time, value, -value");
  return ok();
}

Status read_parameter(const std::string& name, const std::string& value, MetricQuery& query) {
  if (name == "from") return read_time(name, value, query.from);
  if (name == "to") return read_time(name, value, query.to);
  if (name == "limit") return read_limit(value, query.limit);
  if (name == "order") return read_order(value, query.order);
  if (name == "grain") {
    query.grain = metrics::grain_named(value);
    return query.grain ? ok() : bad(name, value, "1m, 1h, 1d");
  }
  if (name == "by") {
    auto by = metrics::parse_dimensions(value);
    if (!by) return fail(by.error().within("parameter 'by'"));
    query.by = *by;
    return ok();
  }
  if (name == "total") {
    query.total = value == "true";
    return value == "true" || value == "false" ? ok() : bad(name, value, "true, false");
  }
  if (name == "cursor") {
    query.cursor = value;
    return ok();
  }
  if (const auto dimension = metrics::dimension_named(name)) {
    query.filters.emplace_back(*dimension, value);
    return ok();
  }
  return fail(ErrorCode::invalid_argument,
              "there is no parameter '" + name + "'; known: " + std::string(known_parameters));
}

}  // namespace

Result<MetricQuery> parse_metric_query(
    std::string_view metric, std::span<const std::pair<std::string, std::string>> parameters) {
  MetricQuery query;
  query.metric = metric;
  std::set<std::string_view> seen;
  for (const auto& [name, value] : parameters) {
    if (!seen.insert(name).second) {
      return fail(ErrorCode::invalid_argument, "parameter '" + name + "' is there twice");
    }
    BB_RETURN_IF_ERROR(read_parameter(name, value, query));
  }
  if (query.from && query.to && *query.from > *query.to) {
    return fail(ErrorCode::invalid_argument, "'from' lies after 'to'");
  }
  return query;
}

}  // namespace bytebasket::analytics
