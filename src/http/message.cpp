#include <nlohmann/json.hpp>

#include "http/response_text.hpp"
#include "http/server.hpp"

namespace bytebasket::http {

std::string_view Request::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_case_name) return value;
  }
  return {};
}

Response problem(unsigned status, std::string_view title, std::string_view detail) {
  Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  nlohmann::ordered_json json = {{"type", "about:blank"}, {"title", title}, {"status", status}};
  if (!detail.empty()) json["detail"] = detail;
  // What a client sent may be quoted here, and need not be UTF-8.
  response.body = json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  return response;
}

Responder::~Responder() {
  if (sink_)
    sink_->respond(
        problem(500, "Internal Server Error", "the request was given up without an answer"));
}

void Responder::respond(Response response) && {
  // Taken out first: an answer that throws must not be answered again by the destructor.
  const std::shared_ptr<Sink> sink = std::move(sink_);
  sink->respond(std::move(response));
}

std::shared_ptr<EventStream> Responder::stream() && {
  const std::shared_ptr<Sink> sink = std::move(sink_);
  return sink->stream();
}

}  // namespace bytebasket::http
