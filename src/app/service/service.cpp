#include "app/service/service.hpp"

#include <mutex>
#include <utility>

#include "analytics/api.hpp"
#include "analytics/api_parameters.hpp"
#include "analytics/api_questions.hpp"
#include "app/configuration/kept_times.hpp"
#include "app/configuration/roles.hpp"
#include "app/engines/engines.hpp"
#include "app/engines/lake.hpp"
#include "app/engines/processor_choice.hpp"
#include "app/rebuild/keyspace_follower.hpp"
#include "app/rebuild/keyspace_succession.hpp"
#include "app/rebuild/live_rebuild.hpp"
#include "app/service/dead_letter_desk.hpp"
#include "app/service/file_limit.hpp"
#include "app/service/fraud_desk.hpp"
#include "app/service/retention.hpp"
#include "base/log.hpp"
#include "http/server.hpp"
#include "processors/lag_watch.hpp"
#include "processors/visitor.hpp"
#include "producers/collector.hpp"
#include "web/assets.hpp"

namespace bytebasket::app {
namespace {

constexpr Milliseconds retention_interval{10 * 60'000};
constexpr Milliseconds lag_interval{500};

http::ServerOptions server_options(const schema::Settings& settings) {
  return {.address = settings.listen.address,
          .port = static_cast<std::uint16_t>(settings.listen.port),
          .threads = static_cast<unsigned>(settings.listen.threads),
          .max_body_bytes = settings.listen.max_body,
          .max_held_body_bytes = settings.listen.max_held_bodies,
          .max_connections =
              allow_connections(static_cast<std::size_t>(settings.listen.max_connections))};
}

producers::CollectorOptions collector_options(const schema::Settings& settings) {
  producers::CollectorOptions options;
  for (const auto& [key, who] : settings.write_keys) {
    options.write_keys[key] = {who.name,
                               events::parse_source(who.source).value_or(events::Source::server)};
  }
  options.max_batch_bytes = settings.collector.max_batch_bytes;
  options.event_limits.max_bytes = settings.collector.max_event_bytes;
  options.event_limits.max_items = static_cast<std::size_t>(settings.collector.max_batch_events);
  options.cors_origins = settings.collector.cors_origins;
  return options;
}

analytics::ApiOptions api_options(const schema::Settings& settings) {
  return {.access = {.beyond_loopback = !is_loopback(settings.listen.address),
                     .read_tokens = settings.tokens.read,
                     .change_tokens = settings.tokens.change,
                     .cors_origins = settings.api.cors_origins},
          .threads = static_cast<std::size_t>(settings.api.threads),
          .queue = static_cast<std::size_t>(settings.api.queue),
          .live_clients = static_cast<std::size_t>(settings.api.live_clients),
          .program = {.version = BYTEBASKET_VERSION,
                      .time_zone = settings.shop.time_zone,
                      .retention = kept_times(settings.retention)},
          .assets = web::assets()};
}

}  // namespace

// Members are destroyed in reverse: the server first, the engines and the counters last.
struct Service::Impl {
  schema::Settings settings;
  Documents documents;
  Roles roles;
  SystemClock clock;
  Counters counters;
  std::mutex history;  ///< held by who reads the log from its beginning, or removes its oldest part
  Engines engines;
  std::unique_ptr<FraudDesk> fraud_desk;
  std::unique_ptr<DeadLetterDesk> dead_letters;
  std::unique_ptr<processors::LagWatch> lag;
  std::unique_ptr<processors::Pipeline> pipeline;
  std::unique_ptr<LiveRebuild> rebuild;
  std::unique_ptr<KeyspaceFollower> keyspaces;
  std::unique_ptr<ArchiveRole> archive;
  std::unique_ptr<producers::Collector> collector;
  std::unique_ptr<analytics::StageMonitor> monitor;
  std::unique_ptr<analytics::Api> api;
  std::unique_ptr<RetentionWorker> retention;
  std::unique_ptr<http::Server> server;
  bool running = false;

  Status start();
  void make_fraud_desk();
  Status announce();
  Status start_processing();
  void make_api();
  void start_rebuilds();
  Status start_server();
  Status stop();
};

void Service::Impl::make_api() {
  auto catalogue = std::make_shared<const metrics::MetricCatalogue>(documents.metrics);
  const analytics::QuestionSources sources{
      .tables = *engines.answers,
      .clock = clock,
      .catalogue = [catalogue] { return catalogue; },
      .sessions =
          [&tables = *engines.answers](std::string_view visitor) {
            return processors::sessions_json(tables, visitor);
          },
      .carts = {.abandoned_after = settings.carts.abandoned_after,
                .retention = settings.retention.carts},
      .query_memory = settings.api.query_memory};
  analytics::ApiCommands commands{
      .score = [this](const std::string& body, const auto& done) { fraud_desk->score(body, done); },
      .label = [this](const std::string& body, const auto& done) { fraud_desk->label(body, done); },
      .resend_dead_letters = [this](const std::string& body,
                                    const auto& done) { done(dead_letters->resend(body)); },
      .rebuild = [this](const std::string& body, const auto& done) { done(rebuild->begin(body)); }};
  analytics::ApiQuestions questions = analytics::questions_to_tables(sources);
  questions.dead_letters = [this](const http::Request& request) {
    return dead_letters->list(request.query);
  };
  questions.rebuild = [this](const http::Request& request) -> Result<std::string> {
    BB_RETURN_IF_ERROR(analytics::only_parameters(request.query, {}));
    return rebuild->progress();
  };
  api = std::make_unique<analytics::Api>(
      api_options(settings), std::move(questions), std::move(commands),
      analytics::live_numbers_from_tables(sources, settings.visitors.now), *monitor, counters,
      clock);
}

void Service::Impl::make_fraud_desk() {
  processors::DefinitionDocument rules;
  for (const auto& document : documents.all) {
    if (document.kind == "fraud") rules = document;
  }
  // Over Kafka another member of the group may own the transactions.
  const bool elsewhere = !roles.process || settings.streams.engine == "kafka";
  fraud_desk =
      std::make_unique<FraudDesk>(*engines.log, *engines.tables, std::move(rules), clock, counters,
                                  FraudDeskOptions{.decided_elsewhere = elsewhere});
}

Status Service::Impl::start_processing() {
  std::function<void(const processors::DecisionAnswer&)> on_decision;
  if (fraud_desk) on_decision = [this](const auto& answer) { fraud_desk->decided(answer); };
  BB_ASSIGN_OR_RETURN(pipeline, make_pipeline(*engines.log, *engines.tables, settings, documents,
                                              counters, std::move(on_decision)));
  return pipeline->start();
}

Status Service::Impl::announce() {
  Status announced = processors::announce_in_new_partitions(*engines.log, documents.all);
  // A log that is away and could be opened all the same was seen before: its partitions have
  // theirs.
  if (!announced && announced.error().code == ErrorCode::unavailable &&
      settings.streams.engine == "kafka") {
    spdlog::warn("{}", announced.error().message);
    return ok();
  }
  return announced;
}

void Service::Impl::start_rebuilds() {
  const ChangeTables change_tables = [this](const std::function<void()>& change) -> Status {
    if (pipeline) return pipeline->change_tables(change);
    change();
    return ok();
  };
  const bool cassandra = settings.storage.engine == "cassandra";
  rebuild = std::make_unique<LiveRebuild>(
      engines, settings, documents,
      [this, cassandra, change_tables] {
        return cassandra ? keyspace_succession(engines, settings)
                         : embedded_succession(engines, settings, change_tables);
      },
      history, clock);
  if (cassandra) keyspaces = std::make_unique<KeyspaceFollower>(engines, settings, change_tables);
}

Status Service::Impl::start_server() {
  server = std::make_unique<http::Server>(server_options(settings));
  if (roles.collect) {
    collector = std::make_unique<producers::Collector>(*engines.log, collector_options(settings),
                                                       clock, counters.collector);
    collector->add_routes(*server);
  }
  start_rebuilds();
  make_api();
  api->add_health_routes(*server);
  if (roles.serve) api->add_answer_routes(*server);
  api->start();
  return server->start();
}

Status Service::Impl::start() {
  roles = roles_of(settings);
  BB_ASSIGN_OR_RETURN(engines, open_engines(settings, counters));
  running = true;
  monitor = std::make_unique<analytics::StageMonitor>(counters);
  if (roles.serve) {
    make_fraud_desk();
    dead_letters = std::make_unique<DeadLetterDesk>(
        *engines.log, events::EventLimits{.max_bytes = settings.collector.max_event_bytes});
  }
  lag =
      std::make_unique<processors::LagWatch>(*engines.log, std::string(processors::consumer_group),
                                             processed_partitions(*engines.log), counters);
  if (roles.process) BB_RETURN_IF_ERROR(start_processing());
  if (roles.collect) BB_RETURN_IF_ERROR(announce());
  lag->start(lag_interval);
  BB_RETURN_IF_ERROR(start_server());
  if (roles.archive && engines.lake) {
    BB_ASSIGN_OR_RETURN(archive, ArchiveRole::start(engines, settings, clock, counters.archive));
  }
  if (roles.process)
    retention = std::make_unique<RetentionWorker>(engines, settings, history, retention_interval);
  monitor->open();
  return ok();
}

Status Service::Impl::stop() {
  if (!std::exchange(running, false)) return ok();
  monitor->hold("stopping");
  if (rebuild) rebuild->stop();
  keyspaces.reset();
  retention.reset();
  if (fraud_desk) fraud_desk->stop();
  if (server) server->stop();
  if (api) api->stop();
  if (lag) lag->stop();
  const Status processed = pipeline ? pipeline->stop() : ok();
  const Status archived = archive ? archive->stop() : ok();
  if (!archived) spdlog::warn("lake: {}: the log keeps it for later", archived.error().message);
  const Status durable = engines.tables->sync();
  engines.log->close();
  engines.tables->close();
  return processed ? durable : processed;
}

Service::Service(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Service::~Service() { static_cast<void>(stop()); }

Result<std::unique_ptr<Service>> Service::start(Configuration configuration, Documents documents) {
  auto impl = std::make_unique<Impl>();
  impl->settings = std::move(configuration.settings);
  impl->documents = std::move(documents);
  std::unique_ptr<Service> service(new Service(std::move(impl)));
  BB_RETURN_IF_ERROR(service->impl_->start());
  return service;
}

std::string Service::url() const {
  const std::string& address = impl_->settings.listen.address;
  const std::string host = address.find(':') == std::string::npos ? address : "[" + address + "]";
  return "http://" + host + ":" + std::to_string(impl_->server->port());
}

Status Service::stop() { return impl_->stop(); }

}  // namespace bytebasket::app
