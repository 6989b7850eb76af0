// What a fraud decision costs: one Payment Attempted through the whole processor (message id,
// order, decision, velocity of four entities, lists), with the built-in features and rules. Reading
// the log and loading rows are not in it.
#include <deque>
#include <string>

#include <benchmark/benchmark.h>

#include "processors/transactions.hpp"

namespace bytebasket::processors {
namespace {

class NoFacts final : public metrics::FactSink {
 public:
  void add(const metrics::Fact&) override {}
};

/// Payments of `customers` people, each with a card and a device, all from `addresses` addresses.
class Payments {
 public:
  Payments(std::size_t customers, std::size_t addresses)
      : customers_(customers), addresses_(addresses) {}

  LoggedEvent next() {
    const std::string who = std::to_string(count_ % customers_);
    texts_ = {"message-" + std::to_string(count_),
              "customer-" + who,
              "card-" + who,
              "device-" + who,
              "10.0.0." + std::to_string(count_ % addresses_),
              "order-" + std::to_string(count_)};
    LoggedEvent logged;
    logged.position = {Epoch(1), Offset(static_cast<std::int64_t>(count_))};
    logged.append_time =
        timestamp_from_ms(1'767'225'600'000 + static_cast<std::int64_t>(count_) * 100);
    logged.received_at = logged.append_time;
    events::Event& event = logged.event;
    event.kind = events::EventKind::payment_attempted;
    event.name = "Payment Attempted";
    event.time = event.original_time = logged.append_time;
    event.has_original_time = true;
    event.message_id = texts_[0];
    event.user_id = texts_[1];
    event.card = texts_[2];
    event.device_id = texts_[3];
    event.ip = texts_[4];
    event.order_id = texts_[5];
    event.country = "DE";
    event.device = "desktop";
    event.status = "approved";
    event.currency = *events::Currency::parse("EUR");
    event.value = events::Micros(static_cast<std::int64_t>(10 + count_ % 90) * 1'000'000);
    event.json = json_;
    ++count_;
    return logged;
  }

 private:
  std::size_t customers_;
  std::size_t addresses_;
  std::size_t count_ = 0;
  std::vector<std::string> texts_;
  // Followed by what simdjson asks for.
  std::string json_storage_ =
      R"({"event":"Payment Attempted","properties":{"value":20,"card_country":"DE"}})" +
      std::string(64, ' ');
  std::string_view json_ = std::string_view(json_storage_).substr(0, json_storage_.size() - 64);
};

void apply_next(TransactionsProcessor& processor, Payments& payments,
                std::vector<storage::RowKey>& keys, NoFacts& facts) {
  const LoggedEvent event = payments.next();
  for (processor.missing({&event, 1}, keys); !keys.empty(); processor.missing({&event, 1}, keys)) {
    for (const storage::RowKey& key : keys) (void)processor.loaded(key, std::nullopt);
    keys.clear();
  }
  processor.apply({&event, 1}, facts);
}

/// arg 0: past attempts of each customer; arg 1: of each address.
void BM_Decision(benchmark::State& state) {
  constexpr std::size_t warm = 40'000;
  Payments payments(warm / static_cast<std::size_t>(state.range(0)),
                    warm / static_cast<std::size_t>(state.range(1)));
  TransactionsProcessor processor({});
  std::vector<storage::RowKey> keys;
  NoFacts facts;
  for (std::size_t i = 0; i < warm; ++i) apply_next(processor, payments, keys, facts);
  processor.drain({Epoch(1), Offset(static_cast<std::int64_t>(warm))});
  for (auto _ : state) apply_next(processor, payments, keys, facts);
  state.SetItemsProcessed(state.iterations());
}
// A usual shop; and every payment from one address that is full (a proxy, a till).
BENCHMARK(BM_Decision)->Args({20, 40})->Args({20, 40'000})->Iterations(20'000);

/// The same with the rows' stored form: what a flush adds for each decision.
void BM_DecisionAndFlush(benchmark::State& state) {
  Payments payments(2'000, 1'000);
  TransactionsProcessor processor({});
  std::vector<storage::RowKey> keys;
  NoFacts facts;
  std::int64_t count = 0;
  for (auto _ : state) {
    apply_next(processor, payments, keys, facts);
    if (++count % 500 == 0)
      benchmark::DoNotOptimize(processor.drain({Epoch(1), Offset(count - 1)}));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_DecisionAndFlush)->Iterations(40'000);

}  // namespace
}  // namespace bytebasket::processors
