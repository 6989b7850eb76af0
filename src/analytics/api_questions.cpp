#include "analytics/api_questions.hpp"

#include "analytics/api_parameters.hpp"
#include "analytics/metric_query.hpp"
#include "analytics/transactions_query.hpp"

namespace bytebasket::analytics {
namespace {

Result<std::string> answer_metric(const QuestionSources& sources, const http::Request& request) {
  const auto& name = request.parameters.find("name")->second;
  BB_ASSIGN_OR_RETURN(const MetricQuery query, parse_metric_query(name, request.query));
  BB_ASSIGN_OR_RETURN(const MetricAnswer answer,
                      MetricReader(sources.tables, sources.query_memory)
                          .answer(*sources.catalogue(), query, sources.clock.now()));
  return to_json(answer);
}

Result<std::string> answer_carts(const QuestionSources& sources, const http::Request& request) {
  BB_ASSIGN_OR_RETURN(const CartQuery query, parse_cart_query(request.query));
  return CartReader(sources.tables, sources.carts).answer(query, sources.clock.now());
}

Result<std::string> answer_transactions(const QuestionSources& sources,
                                        const http::Request& request) {
  BB_ASSIGN_OR_RETURN(const TransactionQuery query,
                      parse_transaction_query(request.query, sources.clock.now()));
  return TransactionReader(sources.tables).list(query);
}

Result<std::string> answer_transaction(const QuestionSources& sources,
                                       const http::Request& request) {
  BB_RETURN_IF_ERROR(only_parameters(request.query, {}));
  return TransactionReader(sources.tables).one(request.parameters.find("id")->second);
}

Result<std::string> answer_alerts(const QuestionSources& sources, const http::Request& request) {
  BB_ASSIGN_OR_RETURN(const AlertQuery query, parse_alert_query(request.query));
  return TransactionReader(sources.tables).alerts(query, sources.clock.now());
}

}  // namespace

ApiQuestions questions_to_tables(const QuestionSources& sources) {
  ApiQuestions questions;
  questions.metrics = [sources](const http::Request& request) -> Result<std::string> {
    BB_RETURN_IF_ERROR(only_parameters(request.query, {}));
    return catalogue_json(*sources.catalogue());
  };
  questions.metric = [sources](const http::Request& request) {
    return answer_metric(sources, request);
  };
  questions.sessions = [sources](const http::Request& request) -> Result<std::string> {
    BB_RETURN_IF_ERROR(only_parameters(request.query, {}));
    return sources.sessions(request.parameters.find("visitor")->second);
  };
  questions.carts = [sources](const http::Request& request) {
    return answer_carts(sources, request);
  };
  questions.transactions = [sources](const http::Request& request) {
    return answer_transactions(sources, request);
  };
  questions.transaction = [sources](const http::Request& request) {
    return answer_transaction(sources, request);
  };
  questions.alerts = [sources](const http::Request& request) {
    return answer_alerts(sources, request);
  };
  return questions;
}

LiveUpdates::Numbers live_numbers_from_tables(const QuestionSources& sources,
                                              Milliseconds visitors_now) {
  auto reader = std::make_shared<LiveNumbersReader>(
      [sources](const MetricQuery& query, Timestamp now) {
        return MetricReader(sources.tables, sources.query_memory)
            .answer(*sources.catalogue(), query, now);
      },
      visitors_now);
  return [reader](Timestamp now) { return reader->read(now); };
}

}  // namespace bytebasket::analytics
