#include "processors/partition_runner.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace bytebasket::processors {
namespace {

/// Events that are decoded, looked up and applied together: few enough to stay in the processor's
/// caches from one to the next.
constexpr std::size_t events_at_once = 256;

/// The part of a runner's memory that its processor may spend on knowing which rows are stored.
constexpr std::size_t part_for_stored_keys = 16;

}  // namespace

PartitionRunner::PartitionRunner(streams::EventLog& log, storage::TableStore& tables,
                                 std::unique_ptr<Processor> processor, RunnerOptions options)
    : log_(log), tables_(tables), processor_(std::move(processor)), options_(std::move(options)) {}

Status PartitionRunner::start() {
  BB_ASSIGN_OR_RETURN(stored_, StoredPartition::take_over(tables_, options_.where, [this] {
                        return log_.range(options_.where);
                      }));
  applied_ = stored();
  const Position begun = stored_->begun();
  metric_rows_.emplace(metric_source(options_.where), applied_, begun);
  if (begun.offset.value() < 0) processor_->begin_empty(options_.max_memory / part_for_stored_keys);
  count_by({});
  BB_RETURN_IF_ERROR(activate_stored_definitions());
  if (begun > applied_) BB_RETURN_IF_ERROR(replay(begun));
  flush_due_ = std::chrono::steady_clock::now() + options_.flush_interval;
  return announce_configured_definitions();
}

Status PartitionRunner::activate_stored_definitions() {
  for (const auto& [kind, hash] : stored_->state().definitions) {
    BB_ASSIGN_OR_RETURN(const DefinitionDocument document,
                        load_definition(tables_, kind, hash, metric_source(options_.where)));
    BB_RETURN_IF_ERROR(activate(document, stored()));
  }
  definition_rows_.clear();
  return ok();
}

Status PartitionRunner::activate(const DefinitionDocument& document, Position since) {
  if (document.kind == "metrics") {
    BB_ASSIGN_OR_RETURN(auto definitions,
                        metrics::read_definitions(document.text, "metrics", options_.retention));
    metric_rows_->take(*accumulator_);
    count_by(std::move(definitions));
  }
  BB_RETURN_IF_ERROR(processor_->control(to_control_record(document), since));
  choose_kinds();
  definitions_[document.kind] = document.hash;
  definition_rows_.push_back(definition_row(document, metric_source(options_.where), since));
  return ok();
}

void PartitionRunner::count_by(std::vector<metrics::MetricDefinition> definitions) {
  accumulator_ =
      std::make_unique<metrics::Accumulator>(metrics::MetricPlan::compile(std::move(definitions)));
  choose_kinds();
}

void PartitionRunner::choose_kinds() {
  for (std::size_t kind = 0; kind < wanted_.size(); ++kind)
    wanted_[kind] = processor_->wants(static_cast<events::EventKind>(kind), *accumulator_);
}

Status PartitionRunner::announce_configured_definitions() {
  std::vector<streams::NewRecord> records;
  for (const DefinitionDocument& document : options_.definitions) {
    const auto active = definitions_.find(document.kind);
    if (active != definitions_.end() && active->second == document.hash) continue;
    records.push_back(control_record(document, options_.where));
  }
  if (records.empty()) return ok();
  BB_ASSIGN_OR_RETURN(const auto appended, streams::append_and_wait(log_, std::move(records)));
  static_cast<void>(appended);
  return ok();
}

Status PartitionRunner::replay(Position until) {
  spdlog::info("{}: repeating the flush of offsets {} to {} that was interrupted",
               streams::to_string(options_.where), applied_.offset.value() + 1,
               until.offset.value());
  replay_reads_.emplace(tables_);
  streams::ReadLimits limits = options_.read;
  limits.max_wait = Milliseconds(0);
  while (applied_ < until) {
    BB_ASSIGN_OR_RETURN(const auto batch,
                        log_.read(options_.where, applied_.offset.next(), limits));
    if (batch.empty()) {
      return fail(ErrorCode::corrupt, streams::to_string(options_.where) + " ends before offset " +
                                          std::to_string(until.offset.value()) +
                                          ", up to which a flush was under way");
    }
    BB_RETURN_IF_ERROR(apply(batch, until));
  }
  BB_RETURN_IF_ERROR(flush());
  replay_reads_.reset();
  return ok();
}

Result<std::size_t> PartitionRunner::step(Milliseconds max_wait) {
  streams::ReadLimits limits = options_.read;
  const auto now = std::chrono::steady_clock::now();
  const bool changed = applied_ > stored();
  limits.max_wait = max_wait;
  if (changed) {
    const auto left = std::chrono::duration_cast<Milliseconds>(flush_due_ - now);
    limits.max_wait = std::clamp(left, Milliseconds(0), max_wait);
  }
  if (!wanted_.all())
    limits.passes_over = [this](std::string_view beginning) { return passes_over(beginning); };
  BB_ASSIGN_OR_RETURN(const auto batch, log_.read(options_.where, applied_.offset.next(), limits));
  progress_.events += batch.passed_over();
  if (!changed) flush_due_ = std::chrono::steady_clock::now() + options_.flush_interval;
  if (!batch.empty()) BB_RETURN_IF_ERROR(apply(batch, {applied_.epoch, batch.last()}));
  const bool due = applied_ > stored() && std::chrono::steady_clock::now() >= flush_due_;
  if (due || memory() > options_.max_memory) BB_RETURN_IF_ERROR(flush());
  return batch.size();
}

Status PartitionRunner::apply(const streams::RecordBatch& batch, Position until) {
  for (const streams::Record& record : batch.records()) {
    const Position position{applied_.epoch, record.offset};
    if (position > until) break;
    if (pending_.size() == events_at_once) BB_RETURN_IF_ERROR(apply_events());
    if (record.type == streams::RecordType::control) {
      BB_RETURN_IF_ERROR(apply_events());
      BB_RETURN_IF_ERROR(control(record, position));
    } else {
      decode(record, position);
    }
  }
  BB_RETURN_IF_ERROR(apply_events());
  applied_ = std::min(until, Position{applied_.epoch, batch.last()});
  return ok();
}

/// The first bytes of a canonical event say of which kind it is.
bool PartitionRunner::passes_over(std::string_view beginning) const {
  if (wanted_.all()) return false;
  const auto event = events::EventReader::peek(beginning);
  return event && !wanted_[static_cast<std::size_t>(event->kind)];
}

void PartitionRunner::decode(const streams::Record& record, Position position) {
  if (passes_over(record.value)) {
    ++progress_.events;
    return;
  }
  LoggedEvent& logged = pending_.emplace_back();
  logged.position = position;
  logged.append_time = record.append_time;
  logged.received_at = record.received_at;
  const Status read = reader_.read_into(logged.event, record.value, processor_->fields());
  if (read) return;
  pending_.pop_back();
  ++progress_.undecodable;
  spdlog::error("{} offset {}: {}; the record is skipped", streams::to_string(options_.where),
                record.offset.value(), read.error().message);
}

Status PartitionRunner::apply_events() {
  BB_RETURN_IF_ERROR(
      load([this](auto& keys) { processor_->missing(pending_, keys); },
           [this](const auto& key, const auto& row) { return processor_->loaded(key, row); }));
  processor_->apply(pending_, *accumulator_);
  progress_.events += pending_.size();
  pending_.clear();
  reader_.clear();
  return ok();
}

Status PartitionRunner::control(const streams::Record& record, Position position) {
  BB_ASSIGN_OR_RETURN(const DefinitionDocument document, from_control_record(record.value));
  const auto active = definitions_.find(document.kind);
  if (active != definitions_.end() && active->second == document.hash) return ok();
  // Sessions and carts that changed before it are stated under the definitions that acted until
  // then, wherever the log is cut into flushes. (A repeated flush begins behind this one: it finds
  // nothing to store here.)
  applied_ = std::max(applied_, Position{position.epoch, Offset(position.offset.value() - 1)});
  BB_RETURN_IF_ERROR(flush());
  return activate(document, position);
}

Status PartitionRunner::load(
    const std::function<void(std::vector<storage::RowKey>&)>& missing,
    const std::function<Status(const storage::RowKey&, const std::optional<storage::StoredRow>&)>&
        loaded) {
  std::vector<storage::RowKey> keys;
  for (missing(keys); !keys.empty(); missing(keys)) {
    BB_ASSIGN_OR_RETURN(const auto rows,
                        replay_reads_ ? replay_reads_->get(keys) : storage::get_now(tables_, keys));
    for (std::size_t i = 0; i < keys.size(); ++i) BB_RETURN_IF_ERROR(loaded(keys[i], rows[i]));
    keys.clear();
  }
  return ok();
}

Status PartitionRunner::flush() {
  if (applied_ <= stored()) return ok();
  const auto begin = std::chrono::steady_clock::now();
  processor_->restate(*accumulator_);
  metric_rows_->take(*accumulator_);
  BB_RETURN_IF_ERROR(
      load([this](auto& keys) { metric_rows_->missing(applied_, keys); },
           [this](const auto& key, const auto& row) { return metric_rows_->loaded(key, row); }));
  if (replay_reads_) BB_RETURN_IF_ERROR(replay_reads_->check_unchanged());
  Levels changed = processor_->drain(applied_);
  changed.levels.insert(changed.levels.begin(), metric_rows_->drain(applied_));
  changed.levels.push_back(std::exchange(definition_rows_, {}));
  BB_ASSIGN_OR_RETURN(const std::size_t rows,
                      stored_->flush({applied_, definitions_}, std::move(changed)));
  BB_RETURN_IF_ERROR(options_.commit
                         ? options_.commit(options_.where, applied_.offset.next())
                         : log_.commit(consumer_group, options_.where, applied_.offset.next()));
  const auto end = std::chrono::steady_clock::now();
  ++progress_.flushes;
  progress_.rows_written += rows;
  progress_.last_flush = end - begin;
  flush_due_ = end + options_.flush_interval;
  shrink();
  return ok();
}

std::size_t PartitionRunner::memory() const {
  return processor_->memory() + metric_rows_->memory() + accumulator_->memory();
}

void PartitionRunner::shrink() {
  const std::size_t target = options_.max_memory / 4 * 3;
  const std::size_t held = memory();
  if (held <= target) return;
  // Each gives in proportion to what it holds.
  const auto part = [&](std::size_t bytes) {
    return static_cast<std::size_t>(static_cast<double>(bytes) * static_cast<double>(target) /
                                    static_cast<double>(held));
  };
  processor_->shrink(part(processor_->memory()));
  metric_rows_->shrink(part(metric_rows_->memory()));
}

}  // namespace bytebasket::processors
