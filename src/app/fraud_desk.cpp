#include "app/fraud_desk.hpp"

#include <array>
#include <atomic>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/hash.hpp"
#include "events/event_reader.hpp"
#include "events/normalize.hpp"
#include "processors/stored_decision.hpp"
#include "processors/transactions_keys.hpp"

namespace bytebasket::app {
namespace {

using Json = nlohmann::ordered_json;

/// How often the tables are asked for the decisions of another process.
constexpr Milliseconds table_interval{20};

Result<Json> parse_object(const std::string& body) {
  Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::invalid_argument, "the body is no JSON object");
  return json;
}

/// The text of a member; empty where it is absent or no text.
std::string text_member(const Json& json, std::string_view name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Moves members of `from` that are there into `to`, under their new names.
template <std::size_t Count>
void move_members(Json& from, Json& to,
                  const std::array<std::pair<std::string_view, std::string_view>, Count>& names) {
  for (const auto& [name, new_name] : names) {
    const auto found = from.find(name);
    if (found == from.end()) continue;
    to[std::string(new_name)] = std::move(*found);
    from.erase(found);
  }
}

void rename_member(Json& json, std::string_view name, std::string_view new_name) {
  const auto found = json.find(name);
  if (found == json.end()) return;
  Json value = std::move(*found);
  json.erase(found);
  json[std::string(new_name)] = std::move(value);
}

/// An id that no other request has: who asks twice for the same attempt gives `message_id` himself.
std::string new_message_id(const std::string& body, Timestamp now) {
  static std::atomic<std::uint64_t> count{0};
  const std::string unique = body + std::to_string(to_ms(now)) + "/" + std::to_string(++count);
  return "score-" + to_hex(hash64(unique)) + to_hex(hash64(unique, 1));
}

/// The track call that a flat body of the API stands for.
Json track_call(Json body, std::string_view event, Timestamp now) {
  Json call = {{"type", "track"}, {"event", event}};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> ids = {
      {{"message_id", "messageId"},
       {"customer", "userId"},
       {"user_id", "userId"},
       {"anonymous_id", "anonymousId"},
       {"timestamp", "timestamp"},
       {"source", "source"}}};
  move_members(body, call, ids);
  Json& context = call["context"] = Json::object();
  constexpr std::array<std::pair<std::string_view, std::string_view>, 1> places = {{{"ip", "ip"}}};
  move_members(body, context, places);
  if (const auto device = body.find("device_id"); device != body.end()) {
    context["device"]["id"] = *device;
    body.erase(device);
  }
  rename_member(body, "amount", "value");
  rename_member(body, "card", "card_fingerprint");
  if (!call.contains("timestamp")) call["timestamp"] = format_timestamp(now);
  call["properties"] = std::move(body);
  return call;
}

Result<events::Normalized> normalize(const Json& call, Timestamp now) {
  events::Normalizer normalizer;
  auto item = normalizer.normalize(call.dump(-1, ' ', false, Json::error_handler_t::replace),
                                   {.received_at = now, .default_source = events::Source::server});
  if (item.refused) return fail(ErrorCode::invalid_argument, item.refused->reason);
  return std::move(item.events.front());
}

streams::NewRecord record_of(const events::Normalized& event, Timestamp now) {
  return {.stream = streams::Stream::transactions,
          .key = event.key,
          .value = event.json,
          .received_at = now};
}

/// Reads a canonical event, whose views are into `reader` and `text`; `text` is padded for it.
Result<events::Event> read_event(events::EventReader& reader, std::string& text) {
  const std::size_t size = text.size();
  text.append(64, ' ');
  return reader.read(std::string_view(text).substr(0, size));
}

/// What the processor knows the attempt's transaction by.
Result<std::string> transaction_of(std::string json) {
  events::EventReader reader;
  BB_ASSIGN_OR_RETURN(const events::Event event, read_event(reader, json));
  return processors::transaction_id_of(event);
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

void FraudDesk::score(const std::string& body, Done done) {
  const Timestamp now = clock_.now();
  auto json = parse_object(body);
  if (!json) return done(fail(json.error()));
  Json call = track_call(std::move(*json), "Payment Attempted", now);
  if (!call.contains("userId") && !call.contains("anonymousId")) {
    return done(
        fail(ErrorCode::invalid_argument,
             "a payment needs `customer`, or `anonymous_id` where the customer is unknown"));
  }
  if (!call.contains("messageId")) call["messageId"] = new_message_id(body, now);
  if (!call["messageId"].is_string()) {
    return done(fail(ErrorCode::invalid_argument, "message_id is no string"));
  }
  const auto id = call["messageId"].get<std::string>();
  auto event = normalize(call, now);
  if (!event) return done(fail(event.error()));
  auto transaction = transaction_of(event->json);
  if (!transaction) return done(fail(transaction.error()));
  bool taken = false;
  {
    std::unique_lock lock(mutex_);
    if (stopping_) {
      lock.unlock();
      return done(fail(ErrorCode::cancelled, "the server stops"));
    }
    taken = waiting_
                .try_emplace(id, Waiting{done, event->json, std::move(*transaction),
                                         std::chrono::steady_clock::now()})
                .second;
  }
  if (!taken) {
    return done(
        fail(ErrorCode::conflict, "a score with message_id '" + id + "' is being decided already"));
  }
  append(
      record_of(*event, now),
      [this, id](const Error& error) {
        std::unique_lock lock(mutex_);
        auto node = waiting_.extract(id);
        lock.unlock();
        if (node) finish(node.mapped(), fail(error));
      },
      [] {});
}

void FraudDesk::label(const std::string& body, Done done) {
  const Timestamp now = clock_.now();
  auto json = parse_object(body);
  if (!json) return done(fail(json.error()));
  const std::string transaction =
      text_member(*json, json->contains("order_id") ? "order_id" : "transaction_id");
  const std::string label = text_member(*json, "label");
  if (transaction.empty() || label.empty()) {
    return done(fail(ErrorCode::invalid_argument,
                     "a label needs `order_id` (or `transaction_id`) and `label`: fraud, "
                     "legitimate or charged_back"));
  }
  if (label != "fraud" && label != "legitimate" && label != "charged_back") {
    return done(fail(ErrorCode::invalid_argument,
                     "label '" + label + "' is none of fraud, legitimate and charged_back"));
  }
  const std::string message_id = text_member(*json, "message_id");
  const Json call = {{"type", "track"},
                     {"event", "Fraud Labelled"},
                     {"messageId", message_id.empty() ? new_message_id(body, now) : message_id},
                     {"userId", "fraud-desk"},
                     {"timestamp", format_timestamp(now)},
                     {"properties", {{"order_id", transaction}, {"label", label}}}};
  const auto event = normalize(call, now);
  if (!event) return done(fail(event.error()));
  append(
      record_of(*event, now), [done](const Error& error) { done(fail(error)); },
      [done, transaction, label] {
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
  BB_ASSIGN_OR_RETURN(const events::Event parsed, read_event(reader, event));
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
