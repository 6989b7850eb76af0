// Questions to metrics, and their answers in the form of the HTTP API's contract.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "metrics/definition.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::analytics {

enum class RowOrder : std::uint8_t { time, value, value_descending };

/// A question. Times that are not given are the last 24 hours (30 days by the day).
struct MetricQuery {
  static constexpr std::uint32_t max_limit = 10'000;

  std::string metric;
  std::optional<Timestamp> from;  ///< inclusive; rounded down to the grain
  std::optional<Timestamp> to;    ///< exclusive
  std::optional<metrics::Grain>
      grain;  ///< not given: an hour where the metric has it, else its finest
  metrics::DimensionSet by;
  std::vector<std::pair<metrics::Dimension, std::string>> filters;  ///< only rows with these values
  bool total = false;  ///< one row over the whole range (for each value of `by`) instead of one for
                       ///< each window
  RowOrder order = RowOrder::time;
  std::uint32_t limit = max_limit;
  std::string cursor;  ///< `next` of the page before; the rest of the question must be the same
};

/// Reads the parameters of `GET /api/v1/metrics/{name}`: from, to, grain, by, total, order, limit,
/// cursor, and any dimension as a filter (`country=DE`). The error names the parameter and what is
/// allowed. The command line uses it too.
Result<MetricQuery> parse_metric_query(
    std::string_view metric, std::span<const std::pair<std::string, std::string>> parameters);

struct MetricRow {
  Timestamp time;                 ///< the start of the window (of the range, for a total)
  std::vector<std::string> dims;  ///< one for each of MetricAnswer::dims
  std::string value;              ///< a JSON value without quotes: `42`, `0.031250`, `25.100000`
};

struct MetricAnswer {
  std::string metric;
  std::string grain;  ///< `1m`, `1h`, `1d`; `total` for a total
  std::string unit;
  bool money = false;             ///< values are decimal strings (quoted in JSON)
  std::vector<std::string> dims;  ///< names, in order of declaration; money has `currency`
  std::vector<MetricRow> rows;
  std::string next;  ///< the cursor of the next page; empty when this was the last
};

/// The body of the contract: {"metric","grain","unit","rows":[{"time","dims","value"}],"next"}.
std::string to_json(const MetricAnswer& answer);

/// `GET /api/v1/metrics`: every metric with its help, unit, dimensions and grains.
std::string catalogue_json(const metrics::MetricCatalogue& catalogue);

/// Answers questions from the table `metrics`: rows of all source partitions merged, and rolled up
/// over dimensions that are stored but not asked for. Thread-safe as far as the store is; holds
/// nothing between calls.
class MetricReader {
 public:
  /// `max_bytes` is what the rows of an answer may take in memory while they are gathered.
  explicit MetricReader(storage::TableStore& store, std::size_t max_bytes = SIZE_MAX)
      : store_(store), max_bytes_(max_bytes) {}

  /// `now` decides the default range and which carts are abandoned. `not_found`: no such metric.
  /// `invalid_argument`: not kept by these dimensions or in this grain (the message names those
  /// there are), or too large.
  Result<MetricAnswer> answer(const metrics::MetricCatalogue& catalogue, const MetricQuery& query,
                              Timestamp now);

 private:
  storage::TableStore& store_;
  const std::size_t max_bytes_;
};

}  // namespace bytebasket::analytics
