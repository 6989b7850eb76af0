#include <algorithm>

#include "http/response_text.hpp"
#include "http/server.hpp"

namespace bytebasket::http {
namespace {

void append_json_text(std::string& out, std::string_view text) {
  static constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += hex[static_cast<unsigned char>(c) >> 4];
      out += hex[static_cast<unsigned char>(c) & 0xF];
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

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
  response.body = "{\"type\":\"about:blank\",\"title\":";
  append_json_text(response.body, title);
  response.body += ",\"status\":" + std::to_string(status);
  if (!detail.empty()) {
    response.body += ",\"detail\":";
    append_json_text(response.body, detail);
  }
  response.body += '}';
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
