// The HTTP API and the dashboard's files, as routes of a server.
//
// Life cycle: construct, add_routes() to a server, start() the live updates, start the server; at
// the end stop the server, then stop(). Queries run on the API's own threads, never on the
// server's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analytics/api_access.hpp"
#include "analytics/api_assets.hpp"
#include "analytics/api_pool.hpp"
#include "analytics/live.hpp"
#include "analytics/stages.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "http/server.hpp"

namespace bytebasket::analytics {

/// Answers a query with a JSON body. Called on a query thread; may wait.
using Question = std::function<Result<std::string>(const http::Request& request)>;

/// Carries out a change: takes the body of a POST (JSON) and calls back, once and from any thread,
/// with the JSON body of the answer. Called on a query thread; must not wait long.
using Command =
    std::function<void(std::string body, std::function<void(Result<std::string>)> done)>;

/// What the API asks. api_questions.hpp makes the ones that read the tables.
struct ApiQuestions {
  Question metrics;       ///< GET /api/v1/metrics
  Question metric;        ///< GET /api/v1/metrics/{name}
  Question sessions;      ///< GET /api/v1/sessions/{visitor}
  Question carts;         ///< GET /api/v1/carts
  Question transactions;  ///< GET /api/v1/transactions
  Question transaction;   ///< GET /api/v1/transactions/{id}
  Question alerts;        ///< GET /api/v1/fraud/alerts
  Question dead_letters;  ///< GET /api/v1/dead-letters; given by `app`, for it is the log's
  Question rebuild;       ///< GET /api/v1/rebuild; given by `app`
};

/// What the API changes; `app` connects it with the processors and the log.
struct ApiCommands {
  Command score;                ///< POST /api/v1/fraud/score
  Command label;                ///< POST /api/v1/fraud/labels
  Command resend_dead_letters;  ///< POST /api/v1/dead-letters/resend
  Command rebuild;              ///< POST /api/v1/rebuild
};

struct ApiOptions {
  AccessOptions access;
  std::size_t threads = 2;
  std::size_t queue = 64;
  std::size_t live_clients = 256;
  ProgramFacts program;
  std::span<const Asset> assets;  ///< the dashboard; must outlive the API
};

/// The status and problem document that an error is answered with.
http::Response problem_of(const Error& error);

class Api {
 public:
  /// `monitor`, `counters` and `clock` must outlive it. `numbers` feeds the live updates.
  Api(ApiOptions options, ApiQuestions questions, ApiCommands commands,
      LiveUpdates::Numbers numbers, StageMonitor& monitor, Counters& counters, const Clock& clock);
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  /// Health, metrics and the status; counts every finished request. Call once, before
  /// the server starts.
  void add_health_routes(http::Server& server);
  /// All that is answered from the tables, the documents and the dashboard.
  void add_answer_routes(http::Server& server);

  /// Starts the live updates' tick, which also samples the stages.
  void start() { live_.start(); }
  /// Ends the live updates and the query threads, once what is queued is answered.
  void stop();

 private:
  enum class Where : std::uint8_t { server_thread, query_thread };

  void route(http::Server& server, std::string method, const std::string& path, Access access,
             Where where, http::Handler handler);
  void ask(http::Server& server, const std::string& path, const Question& question,
           Where where = Where::query_thread);
  void change(http::Server& server, const std::string& path, const Command& command,
              std::size_t max_bytes);
  void add_documents(http::Server& server);
  void respond(const http::Request& request, http::Responder responder,
               http::Response response) const;

  ApiOptions options_;
  ApiQuestions questions_;
  ApiCommands commands_;
  Question status_;
  StageMonitor& monitor_;
  Counters& counters_;
  const Clock& clock_;
  ApiAccess access_;
  LiveUpdates live_;
  std::vector<std::unique_ptr<http::Handler>> handlers_;  ///< outlive the pool that runs them
  QueryPool pool_;
};

}  // namespace bytebasket::analytics
