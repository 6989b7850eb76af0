// Sessions by the hour they began in, from a file of Segment JSON lines to rows as CSV: the heavier
// of the two questions that bench/peers asks of others.
//
//   bench_one_sessions FILE
//
// One thread, nothing stored. A visitor's session ends after 30 minutes without an event; a message
// id counts once, as it came first. Completed orders belong to the session, other transactions do
// not.
#include <algorithm>
#include <compare>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.hpp"
#include "base/time.hpp"
#include "cases/lines.hpp"
#include "cases/measure.hpp"
#include "events/canonical_time.hpp"
#include "events/json_tape.hpp"
#include "metrics/hash_index.hpp"
#include "metrics/interner.hpp"
#include "metrics/plan.hpp"
#include "schema/vocabulary.hpp"

namespace {

using namespace bytebasket;
using bench::die;
using bench::or_die;
using events::NodeIndex;

constexpr Milliseconds gap(30 * 60'000);
constexpr const char* definition =
    "metrics: [{name: sessions, from: sessions, aggregate: count, grains: [1h]}]";

/// What of a line counts.
struct Seen {
  std::string_view visitor;
  std::string_view message_id;
  Timestamp time;
  bool counts = false;
};

/// Reads lines as the collector does: parsed whole, and the fields that matter looked at.
class Reader {
 public:
  Seen read(std::string_view line) {
    or_die(tape_.parse(line, 32, 0));
    std::string_view user;
    std::string_view event;
    std::string_view original;
    std::string_view sent;
    std::string_view received;
    Seen seen;
    tape_.for_each_member(0, [&](NodeIndex name, NodeIndex value) {
      const std::string_view key = tape_.raw(name);
      if (key == "anonymousId") seen.visitor = tape_.raw(value);
      if (key == "messageId") seen.message_id = tape_.raw(value);
      if (key == "userId") user = tape_.raw(value);
      if (key == "event") event = tape_.raw(value);
      if (key == "originalTimestamp") original = tape_.raw(value);
      if (key == "sentAt") sent = tape_.raw(value);
      if (key == "receivedAt") received = tape_.raw(value);
    });
    const auto kind = schema::event_kind(event);
    seen.counts = !schema::is_transaction(kind) || kind == schema::EventKind::order_completed;
    if (!seen.counts) return seen;
    if (seen.visitor.empty()) seen.visitor = user;
    seen.time = time_of(original) + (time_of(received) - time_of(sent));
    return seen;
  }

 private:
  static Timestamp time_of(std::string_view text) {
    const auto time = events::read_canonical_time(text);
    return time ? *time : or_die(parse_timestamp(text));
  }

  events::JsonTape tape_;
};

/// The message ids that came before, as the processors know them: by their hashes.
class KnownIds {
 public:
  /// False where it was known already.
  bool insert(std::string_view message_id) {
    const std::uint64_t hash = hash64(message_id);
    const auto same = [&](std::uint32_t place) { return hashes_[place] == hash; };
    if (index_.find(hash, same) != metrics::HashIndex::npos) return false;
    index_.insert(hash, static_cast<std::uint32_t>(hashes_.size()));
    hashes_.push_back(hash);
    return true;
  }

 private:
  metrics::HashIndex index_;
  std::vector<std::uint64_t> hashes_;
};

struct Visited {
  std::uint32_t visitor = 0;
  Timestamp time;
  auto operator<=>(const Visited&) const = default;
};

/// States each session.
void state_sessions(std::vector<Visited>& visits, metrics::FactSink& facts) {
  std::sort(visits.begin(), visits.end());
  metrics::Fact session;
  session.kind = metrics::FactKind::session;
  for (std::size_t i = 0; i < visits.size(); ++i) {
    const Visited& visit = visits[i];
    const bool goes_on =
        i > 0 && visit.visitor == visits[i - 1].visitor && visit.time - visits[i - 1].time <= gap;
    if (goes_on) continue;
    session.time = session.append_time = visit.time;
    facts.add(session);
  }
}

void print(metrics::Accumulator& accumulator) {
  std::vector<std::string> rows;
  accumulator.drain([&](const metrics::MetricDelta& delta) {
    rows.push_back(format_timestamp(delta.window) + ',' +
                   std::to_string(delta.change->integer().value()) + '\n');
  });
  std::sort(rows.begin(), rows.end());
  std::fputs("time,sessions\n", stdout);
  for (const std::string& row : rows) std::fputs(row.c_str(), stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) die("usage: bench_one_sessions FILE");
  bench::Lines lines(argv[1]);
  Reader reader;
  KnownIds known;
  metrics::Interner visitors;
  std::vector<Visited> visits;
  while (const auto line = lines.next()) {
    const Seen seen = reader.read(*line);
    if (!seen.counts || !known.insert(seen.message_id)) continue;
    visits.push_back({visitors.intern(seen.visitor), seen.time});
  }
  metrics::Accumulator accumulator(
      metrics::MetricPlan::compile(or_die(metrics::read_definitions(definition, "bench"))));
  state_sessions(visits, accumulator);
  print(accumulator);
  return 0;
}
