// Where a page of an answer ended.
#pragma once

#include <string>
#include <string_view>

#include "analytics/metric_cells.hpp"
#include "base/result.hpp"
#include "metrics/int128.hpp"

namespace bytebasket::analytics {

/// The last row of a page, and the range of the question, so that "the last 24 hours" stay the same
/// over all pages.
struct MetricCursor {
  Timestamp from;
  Timestamp to;
  CellPlace place;
  metrics::Int128 value = 0;

  /// Letters and digits.
  [[nodiscard]] std::string text() const;
  /// `invalid_argument` for what text() did not write.
  static Result<MetricCursor> parse(std::string_view text);
};

}  // namespace bytebasket::analytics
