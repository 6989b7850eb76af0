#include "streams/kafka/kafka_log.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "streams/kafka/admin.hpp"
#include "streams/kafka/group_positions.hpp"
#include "streams/kafka/producer.hpp"
#include "streams/kafka/readers.hpp"
#include "streams/kafka/seen_topics.hpp"
#include "streams/kafka/topics.hpp"

namespace bytebasket::streams {
namespace {

using kafka::TopicChange;

/// So many of the newest records stand for all when bytes are asked for.
constexpr std::int64_t sample = 100;
/// Between two looks whether the cluster is back that was away at the start.
constexpr Milliseconds look_interval{500};

bool is_away(const Error& error) {
  return error.code == ErrorCode::unavailable || error.code == ErrorCode::timed_out;
}

}  // namespace

Result<std::unique_ptr<KafkaLog>> KafkaLog::open(KafkaLogOptions options) {
  std::unique_ptr<KafkaLog> log(new KafkaLog(std::move(options)));
  const KafkaLogOptions& own = log->options_;
  BB_ASSIGN_OR_RETURN(log->admin_, kafka::Admin::open(own.properties, own.patience));
  const Status seen = log->see_topics();
  if (!seen && (own.seen_file.empty() || !is_away(seen.error()))) return fail(seen.error());
  if (!seen && !log->seen_before()) {
    return fail(seen.error().code,
                seen.error().message +
                    ": a first start needs Kafka, later ones go without (these topics were not "
                    "seen yet, says " +
                    own.seen_file.string() + ")");
  }
  BB_ASSIGN_OR_RETURN(log->producer_, kafka::Producer::open(own, log->topology_));
  log->readers_ = std::make_unique<kafka::Readers>(own, log->topology_, *log->admin_);
  log->positions_ = std::make_unique<kafka::GroupPositions>(own);
  if (!seen) {
    spdlog::warn("{}: starting without it", seen.error().message);
    log->looker_ = std::thread([log = log.get()] { log->see_topics_later(); });
  }
  return log;
}

KafkaLog::KafkaLog(KafkaLogOptions options)
    : options_(std::move(options)), topology_(options_.user_activity_partitions) {}

KafkaLog::~KafkaLog() { close(); }

Status KafkaLog::make_topics() {
  BB_ASSIGN_OR_RETURN(const auto changes, kafka::plan_topics(*admin_, options_));
  for (const TopicChange& change : changes) {
    const bool missing = change.kind == TopicChange::Kind::create;
    if (missing && !options_.create_topics) {
      return fail(ErrorCode::not_found, "topic " + change.topic +
                                            " does not exist: run `bytebasket topics apply`, or "
                                            "allow kafka.create_topics");
    }
    if (change.kind == TopicChange::Kind::set && !options_.create_topics) continue;
    spdlog::info("kafka: topic {}: {}", change.topic, change.what);
    auto applied = kafka::apply_change(*admin_, change);
    // Another process that starts may have made it meanwhile.
    if (!applied && applied.error().code == ErrorCode::already_exists)
      applied = admin_->wait_for_topic(change.topic);
    BB_RETURN_IF_ERROR(std::move(applied));
  }
  return ok();
}

Status KafkaLog::see_topics() {
  BB_RETURN_IF_ERROR(make_topics());
  std::vector<kafka::SeenTopic> topics;
  for (std::size_t i = 0; i < stream_count; ++i) {
    const auto stream = static_cast<Stream>(i);
    // One that somebody else made is refused here.
    if (const auto epoch = epoch_of(stream); !epoch) return fail(epoch.error());
    topics.push_back({kafka::topic_name(options_, stream), partitions(stream)});
  }
  if (!options_.seen_file.empty())
    BB_RETURN_IF_ERROR(kafka::remember_topics(options_.seen_file, topics));
  seen_ = true;
  return ok();
}

bool KafkaLog::seen_before() const {
  if (options_.seen_file.empty()) return false;
  const auto topics = kafka::remembered_topics(options_.seen_file);
  if (!topics || topics->size() != stream_count) return false;
  for (std::size_t i = 0; i < stream_count; ++i) {
    const auto stream = static_cast<Stream>(i);
    const kafka::SeenTopic& topic = (*topics)[i];
    if (topic.name != kafka::topic_name(options_, stream) || topic.partitions != partitions(stream))
      return false;
  }
  return true;
}

void KafkaLog::see_topics_later() {
  std::string said;
  while (true) {
    const Status seen = see_topics();
    if (seen) {
      spdlog::info("kafka is back");
      return;
    }
    // What is not as it should be can be mended while the spool keeps what comes in.
    if (!is_away(seen.error()) && seen.error().message != said) {
      said = seen.error().message;
      spdlog::error("{}", said);
    }
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, look_interval, [this] { return closing_; })) return;
  }
}

Result<Epoch> KafkaLog::epoch_of(Stream stream) {
  const auto index = static_cast<std::size_t>(stream);
  {
    const std::lock_guard lock(mutex_);
    if (epochs_[index]) return *epochs_[index];
  }
  const std::string name = kafka::topic_name(options_, stream);
  BB_ASSIGN_OR_RETURN(const auto topic, admin_->describe(name));
  if (!topic) {
    return fail(ErrorCode::unavailable,
                "topic " + name + " does not exist: run `bytebasket topics apply`");
  }
  const auto epoch = kafka::epoch_of(*topic);
  if (!epoch) {
    return fail(ErrorCode::unavailable, "topic " + name +
                                            " was not made by ByteBasket and has no epoch: run "
                                            "`bytebasket topics apply`");
  }
  const std::lock_guard lock(mutex_);
  epochs_[index] = *epoch;
  return *epoch;
}

void KafkaLog::forget_epoch(Stream stream) {
  const std::lock_guard lock(mutex_);
  epochs_[static_cast<std::size_t>(stream)].reset();
}

std::int32_t KafkaLog::partitions(Stream stream) const { return topology_.partitions(stream); }

void KafkaLog::append(std::vector<NewRecord> records, AppendCallback done) {
  if (!seen_)
    return done(fail(ErrorCode::unavailable, "kafka has not answered since this process started"));
  producer_->append(records, std::move(done));
}

Result<RecordBatch> KafkaLog::read(TopicPartition where, Offset from, const ReadLimits& limits) {
  auto batch = readers_->read(where, from, limits);
  // It may be another topic by now: whoever starts again is to see that.
  if (!batch && batch.error().code != ErrorCode::cancelled) forget_epoch(where.stream);
  return batch;
}

Result<LogRange> KafkaLog::range(TopicPartition where) {
  BB_RETURN_IF_ERROR(topology_.find(where));
  BB_ASSIGN_OR_RETURN(const auto range, admin_->range(kafka::topic_name(options_, where.stream),
                                                      where.partition.value()));
  BB_ASSIGN_OR_RETURN(const Epoch epoch, epoch_of(where.stream));
  return LogRange{epoch, range.first, range.end};
}

Status KafkaLog::commit(std::string_view group, TopicPartition where, Offset next) {
  BB_RETURN_IF_ERROR(topology_.find(where));
  return positions_->commit(group, where, next);
}

Result<std::optional<Offset>> KafkaLog::committed(std::string_view group, TopicPartition where) {
  BB_RETURN_IF_ERROR(topology_.find(where));
  return positions_->committed(group, where);
}

Result<double> KafkaLog::mean_bytes(TopicPartition where, const LogRange& range) {
  const Offset from(std::max(range.first.value(), range.end.value() - sample));
  if (from >= range.end) return 0.0;
  BB_ASSIGN_OR_RETURN(const auto batch, readers_->read(where, from, {.max_records = sample}));
  std::size_t bytes = 0;
  for (const Record& record : batch.records())
    bytes += record.key.size() + record.value.size() + record.detail.size();
  return batch.empty() ? 0.0 : static_cast<double>(bytes) / static_cast<double>(batch.size());
}

Result<std::uint64_t> KafkaLog::apply_retention(TopicPartition where, const LogRetention& retention,
                                                Offset keep_from, Timestamp now) {
  BB_ASSIGN_OR_RETURN(const LogRange before, range(where));
  const std::string topic = kafka::topic_name(options_, where.stream);
  Offset first = before.first;
  if (retention.max_age != Milliseconds::max() && now.time_since_epoch() > retention.max_age) {
    BB_ASSIGN_OR_RETURN(const auto young,
                        admin_->first_at(topic, where.partition.value(), now - retention.max_age));
    first = std::max(first, young.value_or(before.end));
  }
  if (retention.max_bytes != UINT64_MAX) {
    BB_ASSIGN_OR_RETURN(const double mean, mean_bytes(where, before));
    const double fit = mean > 0 ? static_cast<double>(retention.max_bytes) / mean : 0;
    const std::int64_t records = before.end.value() - before.first.value();
    if (fit < static_cast<double>(records))
      first = std::max(first, Offset(before.end.value() - static_cast<std::int64_t>(fit)));
  }
  first = std::min({first, keep_from, before.end});
  if (first <= before.first) return 0;
  BB_RETURN_IF_ERROR(admin_->delete_before(topic, where.partition.value(), first));
  return static_cast<std::uint64_t>(first.value() - before.first.value());
}

Result<std::uint64_t> KafkaLog::size_in_bytes(TopicPartition where) {
  BB_ASSIGN_OR_RETURN(const LogRange held, range(where));
  BB_ASSIGN_OR_RETURN(const double mean, mean_bytes(where, held));
  return static_cast<std::uint64_t>(mean *
                                    static_cast<double>(held.end.value() - held.first.value()));
}

void KafkaLog::close() {
  if (closed_.exchange(true)) return;
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
  if (looker_.joinable()) looker_.join();
  if (readers_) readers_->close();
  if (producer_) producer_->close();
}

}  // namespace bytebasket::streams
