#include "app/service/fraud_desk.hpp"

#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/service/fraud_requests.hpp"
#include "processors/stored_decision.hpp"

namespace bytebasket::app {
namespace {

using Json = nlohmann::ordered_json;

/// How often the tables are asked for the decisions of another process.
constexpr Milliseconds table_interval{20};

streams::NewRecord record_of(const events::Normalized& event, Timestamp now) {
  return {.stream = streams::Stream::transactions,
          .key = event.key,
          .value = event.json,
          .received_at = now};
}

/// Takes facts and forgets them.
class NoFacts final : public metrics::FactSink {
 public:
  void add(const metrics::Fact&) override {}
};

}  // namespace

FraudDesk::FraudDesk(streams::EventLog& log, storage::TableStore& tables,
                     processors::DefinitionDocument rules, const Clock& clock, Counters& counters,
                     FraudDeskOptions options)
    : log_(log),
      tables_(tables),
      rules_(std::move(rules)),
      clock_(clock),
      counters_(counters),
      options_(options),
      thread_([this] { watch(); }) {}

FraudDesk::~FraudDesk() { stop(); }

void FraudDesk::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void FraudDesk::score(const std::string& body, const Done& done) {
  const Timestamp now = clock_.now();
  auto attempt = read_payment_attempt(body, now);
  if (!attempt) return done(fail(attempt.error()));
  const std::string id = attempt->message_id;
  bool taken = false;
  {
    std::unique_lock lock(mutex_);
    if (stopping_) {
      lock.unlock();
      return done(fail(ErrorCode::cancelled, "the server stops"));
    }
    taken = waiting_
                .try_emplace(id, Waiting{done, std::string(attempt->event.json),
                                         std::move(attempt->transaction_id),
                                         std::chrono::steady_clock::now()})
                .second;
  }
  if (!taken) {
    return done(
        fail(ErrorCode::conflict, "a score with message_id '" + id + "' is being decided already"));
  }
  append(
      record_of(attempt->event, now),
      [this, id](const Error& error) {
        std::unique_lock lock(mutex_);
        auto node = waiting_.extract(id);
        lock.unlock();
        if (node) finish(node.mapped(), fail(error));
      },
      [] {});
}

void FraudDesk::label(const std::string& body, const Done& done) {
  const Timestamp now = clock_.now();
  const auto labelled = read_fraud_label(body, now);
  if (!labelled) return done(fail(labelled.error()));
  append(
      record_of(labelled->event, now), [done](const Error& error) { done(fail(error)); },
      [done, transaction = labelled->transaction_id, label = labelled->label] {
        done(Json{{"transaction_id", transaction}, {"label", label}}.dump());
      });
}

void FraudDesk::append(streams::NewRecord record, std::function<void(const Error&)> failed,
                       std::function<void()> appended) {
  std::vector<streams::NewRecord> records;
  records.push_back(std::move(record));
  log_.append(std::move(records), [failed = std::move(failed), appended = std::move(appended)](
                                      const Result<std::vector<streams::AppendedAt>>& result) {
    if (result) {
      appended();
    } else {
      failed(result.error());
    }
  });
}

void FraudDesk::decided(const processors::DecisionAnswer& answer) {
  if (!answer.verdict.empty()) counters_.fraud.decisions.of(answer.verdict).add();
  std::unique_lock lock(mutex_);
  const auto found = waiting_.find(answer.message_id);
  if (found == waiting_.end()) return;
  auto node = waiting_.extract(found);
  lock.unlock();
  finish(node.mapped(), std::string(answer.json));
}

void FraudDesk::finish(const Waiting& waiting, Result<std::string> answer) {
  counters_.fraud.score.record(std::chrono::steady_clock::now() - waiting.since);
  waiting.done(std::move(answer));
}

void FraudDesk::watch() {
  const Milliseconds interval = options_.decided_elsewhere ? table_interval : options_.patience / 4;
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, interval, [this] { return stopping_; })) {
    lock.unlock();
    if (options_.decided_elsewhere) answer_stored_ones();
    answer_late_ones();
    lock.lock();
  }
  const auto left = std::exchange(waiting_, {});
  lock.unlock();
  for (const auto& [id, waiting] : left) {
    finish(waiting, fail(ErrorCode::cancelled, "the server stops"));
  }
}

void FraudDesk::answer_stored_ones() {
  std::vector<std::pair<std::string, std::string>> asked;  // message id, transaction id
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, waiting] : waiting_) asked.emplace_back(id, waiting.transaction_id);
  }
  for (const auto& [message_id, transaction_id] : asked) {
    const auto answer = processors::stored_decision(tables_, transaction_id, message_id);
    // Tables that do not answer are no reason to fail: the late ones are answered without them.
    if (answer && *answer) decided({message_id, transaction_id, **answer});
  }
}

void FraudDesk::answer_late_ones() {
  const Moment late = std::chrono::steady_clock::now() - options_.patience;
  std::vector<Waiting> overdue;
  {
    const std::lock_guard lock(mutex_);
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      if (it->second.since > late) {
        ++it;
        continue;
      }
      overdue.push_back(std::move(it->second));
      it = waiting_.erase(it);
    }
  }
  for (const Waiting& waiting : overdue) finish(waiting, from_stored_features(waiting.event));
}

Result<std::string> FraudDesk::from_stored_features(std::string event) const {
  events::EventReader reader;
  BB_ASSIGN_OR_RETURN(const events::Event parsed, read_canonical(reader, event));
  std::string answer;
  processors::TransactionsProcessor scratch(
      {.on_decision = [&](const auto& decision) { answer = decision.json; }});
  BB_RETURN_IF_ERROR(scratch.control(processors::to_control_record(rules_), {}));
  const Timestamp now = clock_.now();
  // Beyond every stored position: no row of the tables has this attempt in it.
  const Position beyond{Epoch(INT32_MAX), Offset(INT64_MAX - 1)};
  const std::vector<processors::LoggedEvent> batch = {{beyond, now, now, parsed}};
  std::vector<storage::RowKey> keys;
  for (scratch.missing(batch, keys); !keys.empty(); scratch.missing(batch, keys)) {
    BB_ASSIGN_OR_RETURN(const auto rows, storage::get_now(tables_, keys));
    for (std::size_t i = 0; i < keys.size(); ++i) {
      BB_RETURN_IF_ERROR(scratch.loaded(keys[i], rows[i]));
    }
    keys.clear();
  }
  NoFacts facts;
  scratch.apply(batch, facts);
  auto json = Json::parse(answer, nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::timed_out, "no decision in time");
  // It saw what was stored, not what is under way: the decision that counts follows in the log.
  json["provisional"] = true;
  return json.dump();
}

}  // namespace bytebasket::app
