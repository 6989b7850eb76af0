// The questions of the HTTP API that the tables answer.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "analytics/api.hpp"
#include "analytics/api_carts.hpp"
#include "analytics/live_numbers.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "metrics/definition.hpp"
#include "storage/table_store.hpp"

namespace bytebasket::analytics {

/// Where answers come from. What is pointed at must outlive the API.
struct QuestionSources {
  storage::TableStore& tables;
  const Clock& clock;
  /// The metrics that act at present. Called from several threads.
  std::function<std::shared_ptr<const metrics::MetricCatalogue>()> catalogue;
  /// The sessions of a visitor as JSON. Given by `app`: rows of visitors are read by who writes
  /// them, the processors.
  std::function<Result<std::string>(std::string_view visitor)> sessions;
  CartReaderOptions carts;
  std::size_t query_memory = std::size_t{256} << 20;  ///< bytes, of one question about a metric
};

ApiQuestions questions_to_tables(const QuestionSources& sources);

/// What LiveUpdates asks each second.
LiveUpdates::Numbers live_numbers_from_tables(const QuestionSources& sources,
                                              Milliseconds visitors_now);

}  // namespace bytebasket::analytics
