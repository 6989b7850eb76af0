// Revenue by minute and category of the completed orders in a file of JSON lines, from the file to
// its rows as CSV: the work that bench/peers asks of others.
//
//   bench_one_metric segment FILE      lines as shops send them (`bytebasket generate --to FILE`)
//   bench_one_metric canonical FILE    lines as they stand in ByteBasket's streams
//   bench_one_metric rewrite FILE      the first as the second, without the orders' markers
//
// One thread, nothing stored. A message id counts once: as it was received first, or where a line
// does not say when that was, at its earliest time.
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cases/lines.hpp"
#include "cases/measure.hpp"
#include "events/event_reader.hpp"
#include "events/json_tape.hpp"
#include "events/normalize.hpp"
#include "metrics/plan.hpp"
#include "processors/orders.hpp"

namespace {

using namespace bytebasket;
using bench::die;
using bench::Lines;
using bench::or_die;
using events::EventKind;

constexpr const char* definition =
    "metrics: [{name: revenue, unit: money, from: order_lines, value: revenue, aggregate: sum, "
    "dimensions: [category], grains: [1m]}]";

events::Normalized normalized(events::Normalizer& normalizer, std::string_view line) {
  auto item = normalizer.normalize(line, {.trust_received_at = true});
  if (item.refused) die("a line was refused: " + item.refused->reason);
  return std::move(item.events.front());
}

/// Sums the completed orders up.
class Orders {
 public:
  Orders()
      : accumulator_(
            metrics::MetricPlan::compile(or_die(metrics::read_definitions(definition, "bench")))) {}

  /// `json` is canonical, with EventReader's padding. Of the copies of a message `first_only`
  /// takes the one that comes first, else the earliest holds.
  void add(std::string_view json, bool first_only) {
    const auto event = or_die(reader_.read(json));
    const auto [order, is_new] = messages_.try_emplace(std::string(event.message_id));
    processors::OrderState unused;
    if (is_new || !first_only) take_event(order->second, event, event.time, unused);
    reader_.clear();
  }

  void print() {
    for (const auto& [unused, order] : messages_) {
      for (const auto& fact : facts_of(order)) accumulator_.add(fact);
    }
    std::vector<std::string> rows;
    accumulator_.drain([&](const metrics::MetricDelta& delta) {
      if (delta.dimensions.size() != 2) return;  // by category and currency; the rest are totals
      const auto values = or_die(metrics::decode_values(delta.values, 2));
      rows.push_back(format_timestamp(delta.window) + ',' + values[0] + ',' + values[1] + ',' +
                     events::format_money(events::Micros(delta.change->integer().value())) + '\n');
    });
    std::sort(rows.begin(), rows.end());
    std::fputs("time,category,currency,revenue\n", stdout);
    for (const std::string& row : rows) std::fputs(row.c_str(), stdout);
  }

 private:
  metrics::Accumulator accumulator_;
  events::EventReader reader_;
  std::unordered_map<std::string, processors::OrderState> messages_;
};

void scan_segment(Lines& lines, Orders& orders) {
  events::JsonTape tape;
  events::Normalizer normalizer;
  std::string json;
  while (const auto line = lines.next()) {
    or_die(tape.parse(*line, 32, 0));
    const auto name = tape.find(0, "event");
    if (name == 0 || schema::event_kind(tape.raw(name)) != EventKind::order_completed) continue;
    const auto event = normalized(normalizer, *line);
    json.assign(event.json).append(64, ' ');
    orders.add(std::string_view(json).substr(0, event.json.size()), true);
  }
}

void scan_canonical(Lines& lines, Orders& orders) {
  while (const auto line = lines.next()) {
    const auto peek = events::EventReader::peek(*line);
    if (!peek) die("a line is not canonical: rewrite the file first");
    if (peek->kind == EventKind::order_completed) orders.add(*line, false);
  }
}

void rewrite(Lines& lines) {
  events::Normalizer normalizer;
  while (const auto line = lines.next()) {
    const auto event = normalized(normalizer, *line);
    std::fwrite(event.json.data(), 1, event.json.size(), stdout);
    std::fputc('\n', stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view form = argc == 3 ? argv[1] : "";
  if (form != "segment" && form != "canonical" && form != "rewrite")
    die("usage: bench_one_metric segment|canonical|rewrite FILE");
  Lines lines(argv[2]);
  if (form == "rewrite") {
    rewrite(lines);
    return 0;
  }
  Orders orders;
  if (form == "segment") scan_segment(lines, orders);
  if (form == "canonical") scan_canonical(lines, orders);
  orders.print();
  return 0;
}
