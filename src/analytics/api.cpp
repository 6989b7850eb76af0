#include "analytics/api.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "analytics/api_parameters.hpp"
#include "analytics/prometheus.hpp"
#include "base/log.hpp"
#include "schema/openapi.hpp"

namespace bytebasket::analytics {
namespace {

using RequestPointer = std::shared_ptr<const http::Request>;

constexpr std::size_t max_command_bytes = std::size_t{64} * 1024;
/// A mended event stands in it as text, so its quotes are doubled.
constexpr std::size_t max_resend_bytes = std::size_t{4} << 20;

http::Response json(std::string body) {
  http::Response response;
  response.headers.emplace_back("Cache-Control", "no-store");
  response.body = std::move(body);
  return response;
}

http::Response text(std::string_view content_type) {
  http::Response response;
  response.content_type = content_type;
  response.headers.emplace_back("Cache-Control", "no-cache");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

/// A document that is part of the program.
http::Response document(std::string_view content_type, std::string_view bytes) {
  http::Response response = text(content_type);
  response.lasting_body = bytes;
  return response;
}

bool is_json(const http::Request& request) {
  return request.header("content-type").starts_with("application/json");
}

/// The label that a request is counted under. What is no route or no usual method is "other":
/// clients must not be able to make labels.
std::string route_label(std::string_view method, std::string_view pattern) {
  static constexpr std::array<std::string_view, 5> methods = {"GET", "HEAD", "POST", "DELETE",
                                                              "OPTIONS"};
  const bool known = std::ranges::find(methods, method) != methods.end();
  std::string label(known ? method : "other");
  label += ' ';
  label += pattern.empty() ? "other" : pattern;
  return label;
}

/// 415 and 413 for a body that no command takes; nullopt where it may be read.
std::optional<http::Response> refuse_body(const http::Request& request, std::size_t max_bytes) {
  if (!is_json(request)) {
    return http::problem(415, "JSON is expected",
                         "Send the body with the header `Content-Type: application/json`.");
  }
  if (request.body.size() > max_bytes) {
    return http::problem(413, "The body is too large",
                         "At most " + std::to_string(max_bytes) + " bytes.");
  }
  return std::nullopt;
}

}  // namespace

http::Response problem_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::invalid_argument:
      return http::problem(400, "The request is not understood", error.message);
    case ErrorCode::permission_denied:
      return http::problem(403, "Not allowed", error.message);
    case ErrorCode::not_found:
      return http::problem(404, "Not found", error.message);
    case ErrorCode::already_exists:
    case ErrorCode::conflict:
      return http::problem(409, "Conflict", error.message);
    case ErrorCode::resource_exhausted:
    case ErrorCode::unavailable:
    case ErrorCode::cancelled: {
      auto response = http::problem(503, "Not at present", error.message);
      response.headers.emplace_back("Retry-After", "1");
      return response;
    }
    case ErrorCode::timed_out:
      return http::problem(504, "No answer in time", error.message);
    case ErrorCode::corrupt:
    case ErrorCode::internal:
      break;
  }
  spdlog::error("API: {}: {}", to_string(error.code), error.message);
  return http::problem(500, "The server failed", error.message);
}

Api::Api(ApiOptions options, ApiQuestions questions, ApiCommands commands,
         LiveUpdates::Numbers numbers, StageMonitor& monitor, Counters& counters,
         const Clock& clock)
    : options_(std::move(options)),
      questions_(std::move(questions)),
      commands_(std::move(commands)),
      monitor_(monitor),
      counters_(counters),
      clock_(clock),
      access_(options_.access),
      live_(monitor, std::move(numbers), counters, clock, options_.live_clients),
      pool_(options_.threads, options_.queue, counters.api) {
  status_ = [this](const http::Request& request) -> Result<std::string> {
    BB_RETURN_IF_ERROR(only_parameters(request.query, {}));
    return status_json(monitor_.report(), options_.program, clock_.now());
  };
}

void Api::stop() {
  live_.stop();
  pool_.stop();
}

void Api::respond(const http::Request& request, http::Responder responder,
                  http::Response response) const {
  access_.allow_origin(request, response);
  std::move(responder).respond(std::move(response));
}

void Api::route(http::Server& server, std::string method, const std::string& path, Access access,
                Where where, http::Handler handler) {
  handlers_.push_back(std::make_unique<http::Handler>(std::move(handler)));
  const http::Handler& kept = *handlers_.back();
  server.route(
      std::move(method), path,
      [this, access, where, &kept](const RequestPointer& request, http::Responder responder) {
        if (auto refused = access_.refuse(*request, access)) {
          respond(*request, std::move(responder), std::move(*refused));
        } else if (where == Where::query_thread) {
          pool_.submit(kept, request, std::move(responder));
        } else {
          kept(request, std::move(responder));
        }
      });
}

void Api::ask(http::Server& server, const std::string& path, const Question& question,
              Where where) {
  route(server, "GET", path, Access::read, where,
        [this, &question](const RequestPointer& request, http::Responder responder) {
          auto answer = question(*request);
          respond(*request, std::move(responder),
                  answer ? json(std::move(*answer)) : problem_of(answer.error()));
        });
  server.route("OPTIONS", path, [this](const RequestPointer& request, http::Responder responder) {
    std::move(responder).respond(access_.preflight(*request));
  });
}

void Api::change(http::Server& server, const std::string& path, const Command& command,
                 std::size_t max_bytes) {
  route(server, "POST", path, Access::change, Where::query_thread,
        [&command, max_bytes](const RequestPointer& request, http::Responder responder) {
          if (auto refused = refuse_body(*request, max_bytes)) {
            std::move(responder).respond(std::move(*refused));
            return;
          }
          if (auto parameters = only_parameters(request->query, {}); !parameters) {
            std::move(responder).respond(problem_of(parameters.error()));
            return;
          }
          // Shared: a std::function must be copyable, a Responder is not.
          auto waiting = std::make_shared<http::Responder>(std::move(responder));
          command(request->body, [waiting, request](Result<std::string> answer) {
            std::move(*waiting).respond(answer ? json(std::move(*answer))
                                               : problem_of(answer.error()));
          });
        });
}

void Api::add_health_routes(http::Server& server) {
  server.on_finished(
      [this](std::string_view pattern, std::string_view method, unsigned status, double seconds) {
        RouteCounters& route = counters_.api.routes.of(route_label(method, pattern));
        route.answers[status / 100 < route.answers.size() ? status / 100 : 0].add();
        route.latency.record(std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9)));
      });
  route(server, "GET", "/livez", Access::anyone, Where::server_thread,
        [](const RequestPointer&, http::Responder responder) {
          std::move(responder).respond(json(R"({"live":true})"));
        });
  route(server, "GET", "/readyz", Access::anyone, Where::server_thread,
        [this](const RequestPointer&, http::Responder responder) {
          const StageReport report = monitor_.report();
          auto response = report.ready ? json(ready_json(report))
                                       : http::problem(503, "Not ready", report.reason);
          if (!report.ready) response.headers.emplace_back("Retry-After", "1");
          std::move(responder).respond(std::move(response));
        });
  route(server, "GET", "/metrics", Access::read, Where::query_thread,
        [this](const RequestPointer&, http::Responder responder) {
          auto response = text(prometheus_content_type);
          response.body = prometheus_text(counters_, monitor_.report(), options_.program.version);
          std::move(responder).respond(std::move(response));
        });
  // Answered on the server's threads: it must be heard when the query threads are busy.
  ask(server, "/api/v1/status", status_, Where::server_thread);
}

void Api::add_documents(http::Server& server) {
  route(server, "GET", "/openapi.json", Access::anyone, Where::server_thread,
        [](const RequestPointer&, http::Responder responder) {
          std::move(responder).respond(document("application/json", schema::openapi_json()));
        });
  route(server, "GET", "/docs", Access::anyone, Where::server_thread,
        [](const RequestPointer&, http::Responder responder) {
          auto response = document("text/html; charset=utf-8", schema::api_page());
          response.headers.emplace_back("Content-Security-Policy",
                                        "default-src 'none'; style-src 'unsafe-inline'; base-uri "
                                        "'none'; frame-ancestors 'none'");
          std::move(responder).respond(std::move(response));
        });
}

void Api::add_answer_routes(http::Server& server) {
  add_documents(server);
  route(server, "GET", "/api/v1/live", Access::read, Where::server_thread,
        [this](const RequestPointer&, http::Responder responder) {
          live_.follow(std::move(responder));
        });
  ask(server, "/api/v1/metrics", questions_.metrics);
  ask(server, "/api/v1/metrics/{name}", questions_.metric);
  ask(server, "/api/v1/sessions/{visitor}", questions_.sessions);
  ask(server, "/api/v1/carts", questions_.carts);
  ask(server, "/api/v1/transactions", questions_.transactions);
  ask(server, "/api/v1/transactions/{id}", questions_.transaction);
  ask(server, "/api/v1/fraud/alerts", questions_.alerts);
  ask(server, "/api/v1/dead-letters", questions_.dead_letters);
  ask(server, "/api/v1/rebuild", questions_.rebuild);
  change(server, "/api/v1/rebuild", commands_.rebuild, max_command_bytes);
  change(server, "/api/v1/fraud/score", commands_.score, max_command_bytes);
  change(server, "/api/v1/fraud/labels", commands_.label, max_command_bytes);
  change(server, "/api/v1/dead-letters/resend", commands_.resend_dead_letters, max_resend_bytes);
  add_asset_routes(server, options_.assets);
}

}  // namespace bytebasket::analytics
