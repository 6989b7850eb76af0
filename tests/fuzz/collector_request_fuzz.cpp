// Any headers and body on the collector's request path, without sockets: every request is answered
// exactly once, and with a status of the contract.
#include <cstdlib>
#include <string>

#include "base/counters.hpp"
#include "producers/collector.hpp"
#include "support/in_memory_engines.hpp"

namespace {

using namespace bytebasket;

struct Answer final : http::Responder::Sink {
  void respond(http::Response response) override {
    ++answers;
    status = response.status;
  }
  std::shared_ptr<http::EventStream> stream() override { std::abort(); }
  int answers = 0;
  unsigned status = 0;
};

std::string take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string line(rest.substr(0, end));
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  bytebasket::testing::InMemoryLog log(2);
  const ManualClock clock(timestamp_from_ms(1'795'341'600'000));
  CollectorCounters counters;
  producers::CollectorOptions options;
  options.write_keys = {{"demo", {"Demo", events::Source::web}}};
  options.max_batch_bytes = 1 << 16;
  producers::Collector collector(log, options, clock, counters);

  auto request = std::make_shared<http::Request>();
  request->method = "POST";
  request->headers = {{"authorization", take_line(rest)},
                      {"origin", take_line(rest)},
                      {"x-forwarded-for", take_line(rest)}};
  request->body = rest;
  request->remote_address = "127.0.0.1";
  const auto answer = std::make_shared<Answer>();
  collector.take(request, http::Responder(answer), std::nullopt);
  const bool known = answer->status == 200 || answer->status == 400 || answer->status == 401 ||
                     answer->status == 413;
  if (answer->answers != 1 || !known) std::abort();
  return 0;
}
