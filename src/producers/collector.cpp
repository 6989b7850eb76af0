#include "producers/collector.hpp"

#include <array>
#include <atomic>
#include <mutex>
#include <utility>

#include "base/log.hpp"
#include "http/addresses.hpp"
#include "producers/dead_letters.hpp"

namespace bytebasket::producers {
namespace {

using events::CallType;
using streams::NewRecord;
using streams::Stream;

constexpr std::string_view retry_after_seconds = "1";
constexpr std::size_t most_kept_normalizers = 64;

struct Path {
  const char* path;
  std::optional<CallType> call;
};

constexpr std::array<Path, 15> paths = {{{"/v1/track", CallType::track},
                                         {"/v1/t", CallType::track},
                                         {"/v1/identify", CallType::identify},
                                         {"/v1/i", CallType::identify},
                                         {"/v1/page", CallType::page},
                                         {"/v1/p", CallType::page},
                                         {"/v1/screen", CallType::screen},
                                         {"/v1/s", CallType::screen},
                                         {"/v1/group", CallType::group},
                                         {"/v1/g", CallType::group},
                                         {"/v1/alias", CallType::alias},
                                         {"/v1/a", CallType::alias},
                                         {"/v1/batch", std::nullopt},
                                         {"/v1/b", std::nullopt},
                                         {"/v1/import", std::nullopt}}};

http::Response later(std::string_view why) {
  http::Response response = http::problem(503, "Service Unavailable", why);
  response.headers.emplace_back("Retry-After", retry_after_seconds);
  return response;
}

http::Response unreadable(const Error& error) {
  return error.code == ErrorCode::resource_exhausted
             ? http::problem(413, "Content Too Large", error.message)
             : http::problem(400, "Bad Request", error.message);
}

/// The visitor's address: behind a proxy on this machine what the proxy says, else who is
/// connected.
std::string_view visitor_address(const http::Request& request) {
  const std::string_view forwarded = http::forwarded_for(request);
  const bool proxied = http::is_loopback_address(request.remote_address);
  return proxied && !forwarded.empty() ? forwarded : request.remote_address;
}

/// The document that Segment's SDKs load before they send: everything goes here and nowhere else.
std::string settings_document(const http::Request& request, std::string_view key) {
  const std::string_view proto = request.header("x-forwarded-proto");
  std::string out = R"({"integrations":{"Segment.io":{"apiKey":)";
  append_json_string(out, key);
  out += R"(,"apiHost":)";
  append_json_string(out, std::string(request.header("host")) + "/v1");
  out += R"(,"protocol":)";
  append_json_string(out, proto == "https" ? "https" : "http");
  out +=
      R"(,"unbundledIntegrations":[],"addBundledMetadata":true,"maybeBundledConfigIds":{},"versionSettings":)"
      R"({"version":"4.4.7","componentTypes":["browser"]}}},"plan":{"track":{"__default":{"enabled":true,"integrations":{}}},)"
      R"("identify":{"__default":{"enabled":true}},"group":{"__default":{"enabled":true}}},"edgeFunction":{},)"
      R"("analyticsNextEnabled":true,"middlewareSettings":{},"enabledMiddleware":{},"metrics":{"sampleRate":0},)"
      R"("legacyVideoPluginsEnabled":false,"remotePlugins":[]})";
  return out;
}

}  // namespace

/// What is known of a request on its way into the log.
struct Passage {
  std::shared_ptr<const http::Request> request;
  http::Responder responder;
  std::size_t bytes = 0;
  std::uint64_t events = 0;
  std::uint64_t refused = 0;
};

struct Collector::Impl {
  Impl(streams::EventLog& given_log, CollectorOptions given, const Clock& given_clock,
       CollectorCounters& given_counters)
      : log(given_log), options(std::move(given)), clock(given_clock), counters(given_counters) {}

  void take(const std::shared_ptr<const http::Request>& request, http::Responder responder,
            std::optional<CallType> call);
  void answer(Passage& passage, http::Response response);
  const WriteKey* find_key(const std::optional<std::string>& in_header,
                           std::string_view in_body) const;
  static std::vector<NewRecord> records(events::NormalizedBody made, const WriteKey& key,
                                        const events::Envelope& envelope);
  void append(std::vector<NewRecord> records, Passage passage);
  http::Response preflight(const http::Request& request) const;
  http::Response settings(const http::Request& request) const;

  std::unique_ptr<events::Normalizer> borrow_normalizer();
  void give_back(std::unique_ptr<events::Normalizer> normalizer);

  streams::EventLog& log;
  const CollectorOptions options;
  const Clock& clock;
  CollectorCounters& counters;

  std::mutex mutex;
  std::vector<std::unique_ptr<events::Normalizer>> normalizers;

  std::atomic<std::size_t> in_flight_bytes{0};
};

std::unique_ptr<events::Normalizer> Collector::Impl::borrow_normalizer() {
  {
    const std::lock_guard lock(mutex);
    if (!normalizers.empty()) {
      auto normalizer = std::move(normalizers.back());
      normalizers.pop_back();
      return normalizer;
    }
  }
  return std::make_unique<events::Normalizer>(options.event_limits);
}

void Collector::Impl::give_back(std::unique_ptr<events::Normalizer> normalizer) {
  const std::lock_guard lock(mutex);
  if (normalizers.size() < most_kept_normalizers) normalizers.push_back(std::move(normalizer));
}

const WriteKey* Collector::Impl::find_key(const std::optional<std::string>& in_header,
                                          std::string_view in_body) const {
  const auto found = options.write_keys.find(in_header ? std::string_view(*in_header) : in_body);
  return found == options.write_keys.end() ? nullptr : &found->second;
}

void Collector::Impl::answer(Passage& passage, http::Response response) {
  if (response.status >= 500) counters.pushed_back.add();
  if (response.status >= 400 && response.status < 500) counters.rejected.add();
  allow_origin(response, *passage.request, options.cors_origins);
  std::move(passage.responder).respond(std::move(response));
}

void Collector::Impl::take(const std::shared_ptr<const http::Request>& request,
                           http::Responder responder, std::optional<CallType> call) {
  Passage passage{request, std::move(responder)};
  counters.requests.add();
  const auto key_sent = key_in_header(*request);
  if (key_sent && find_key(key_sent, {}) == nullptr) {
    return answer(passage, http::problem(401, "Unauthorized", "the write key is not known"));
  }
  if (in_flight_bytes + request->body.size() > options.max_in_flight_bytes) {
    return answer(passage, later("more is on its way to disk than is allowed; send again later"));
  }
  const bool compressed = request->body.starts_with("\x1F\x8B");
  std::string unpacked;
  if (compressed || request->body.size() > options.max_batch_bytes) {
    auto plain = http::decompress(request->body, options.max_batch_bytes);
    if (!plain) return answer(passage, unreadable(plain.error()));
    unpacked = std::move(*plain);
  }
  const std::string_view body =
      compressed ? std::string_view(unpacked) : std::string_view(request->body);

  auto normalizer = borrow_normalizer();
  const Status read = normalizer->read_body(body);
  const WriteKey* const key = find_key(key_sent, normalizer->write_key());
  events::NormalizedBody made;
  events::Envelope envelope{
      .received_at = clock.now(), .call = call, .remote_address = visitor_address(*request)};
  if (read && key != nullptr) {
    envelope.default_source = key->source;
    made = normalizer->normalize_body(envelope);
  }
  give_back(std::move(normalizer));
  if (key == nullptr) {
    return answer(passage, http::problem(401, "Unauthorized",
                                         "a write key is needed: as Basic user name, as Bearer "
                                         "token or as writeKey in the body"));
  }
  if (!read) return answer(passage, unreadable(read.error()));
  passage.events = made.accepted;
  passage.refused = made.refused.size();
  const bool alone = call && passage.events == 0 && passage.refused == 1;
  if (alone && made.refused.front().too_large)
    return answer(passage, http::problem(413, "Content Too Large", made.refused.front().reason));
  passage.bytes = body.size();
  append(records(std::move(made), *key, envelope), std::move(passage));
}

std::vector<NewRecord> Collector::Impl::records(events::NormalizedBody made, const WriteKey& key,
                                                const events::Envelope& envelope) {
  std::vector<NewRecord> records;
  records.reserve(made.events.size() + made.refused.size());
  // An order and its marker stand in one append: both are durable before the answer.
  for (events::Normalized& event : made.events) {
    records.push_back({.stream = event.transaction ? Stream::transactions : Stream::user_activity,
                       .key = std::move(event.key),
                       .value = std::move(event.json),
                       .received_at = event.received_at});
  }
  for (events::Refused& refused : made.refused)
    records.push_back(dead_letter(std::move(refused), key, envelope));
  return records;
}

void Collector::Impl::append(std::vector<NewRecord> records, Passage passage) {
  static const http::Response success{.body = R"({"success":true})"};
  if (records.empty()) return answer(passage, success);
  const auto items = static_cast<std::int64_t>(passage.events + passage.refused);
  in_flight_bytes += passage.bytes;
  counters.in_flight.add(items);
  // Shared, for std::function must be copyable and the right to answer must not be.
  const auto shared = std::make_shared<Passage>(std::move(passage));
  log.append(std::move(records),
             [this, shared, items](const Result<std::vector<streams::AppendedAt>>& appended) {
               in_flight_bytes -= shared->bytes;
               counters.in_flight.add(-items);
               if (appended) {
                 counters.accepted.add(shared->events);
                 counters.refused.add(shared->refused);
                 return answer(*shared, success);
               }
               if (appended.error().code != ErrorCode::resource_exhausted) {
                 spdlog::warn("events could not be appended: {}", appended.error().message);
               }
               answer(*shared, later(appended.error().message));
             });
}

http::Response Collector::Impl::preflight(const http::Request& request) const {
  http::Response response{.status = 204};
  allow_origin(response, request, options.cors_origins);
  if (response.headers.empty()) return response;
  response.headers.emplace_back("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
  response.headers.emplace_back("Access-Control-Allow-Headers",
                                "authorization, content-type, x-retry-count");
  response.headers.emplace_back("Access-Control-Max-Age", "86400");
  return response;
}

http::Response Collector::Impl::settings(const http::Request& request) const {
  const std::string& key = request.parameters.at("key");
  http::Response response = find_key(key, {}) == nullptr
                                ? http::problem(401, "Unauthorized", "the write key is not known")
                                : http::Response{.body = settings_document(request, key)};
  allow_origin(response, request, options.cors_origins);
  return response;
}

Collector::Collector(streams::EventLog& log, CollectorOptions options, const Clock& clock,
                     CollectorCounters& counters)
    : impl_(std::make_unique<Impl>(log, std::move(options), clock, counters)) {}
Collector::~Collector() = default;

void Collector::take(const std::shared_ptr<const http::Request>& request, http::Responder responder,
                     std::optional<CallType> call) {
  impl_->take(request, std::move(responder), call);
}

void Collector::add_routes(http::Server& server) {
  const auto preflight = [this](const std::shared_ptr<const http::Request>& request,
                                http::Responder responder) {
    std::move(responder).respond(impl_->preflight(*request));
  };
  for (const Path& path : paths) {
    server.route("POST", path.path,
                 [this, call = path.call](const std::shared_ptr<const http::Request>& request,
                                          http::Responder responder) {
                   impl_->take(request, std::move(responder), call);
                 });
    server.route("OPTIONS", path.path, preflight);
  }
  static constexpr const char* settings_path = "/v1/projects/{key}/settings";
  server.route(
      "GET", settings_path,
      [this](const std::shared_ptr<const http::Request>& request, http::Responder responder) {
        std::move(responder).respond(impl_->settings(*request));
      });
  server.route("OPTIONS", settings_path, preflight);
}

}  // namespace bytebasket::producers
