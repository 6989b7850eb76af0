#include <map>

#include <rapidcheck.h>

#include "contract/event_log_contract.hpp"

namespace bytebasket::streams {
namespace {

/// What a partition should hold: values from offset `first` on.
struct ModelPartition {
  std::vector<std::string> values;
  std::size_t first = 0;
};

TEST_P(EventLogContract, AgreesWithListsUnderAnySequenceOfCalls) {
  std::map<TopicPartition, ModelPartition> model;
  int written = 0;
  const auto any_place = [] {
    const auto partition = PartitionId(*rc::gen::inRange(0, 4));
    return *rc::gen::arbitrary<bool>() ? transactions
                                       : TopicPartition{Stream::user_activity, partition};
  };
  const auto append_some = [&] {
    std::vector<NewRecord> records;
    std::vector<TopicPartition> places;
    for (int i = *rc::gen::inRange(0, 20); i > 0; --i) {
      places.push_back(any_place());
      records.push_back(record(places.back().stream, "key", std::to_string(written++)));
      records.back().partition = places.back().partition;
      model[places.back()].values.emplace_back(records.back().value);
    }
    const auto answered = append(records);
    RC_ASSERT(answered.size() == places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      RC_ASSERT(answered[i].where == places[i]);
      RC_ASSERT(model[places[i]].values.at(static_cast<std::size_t>(answered[i].offset.value())) ==
                records[i].value);
    }
  };
  const auto read_some = [&] {
    const TopicPartition where = any_place();
    const ModelPartition& expected = model[where];
    const auto from = *rc::gen::inRange(expected.first, expected.values.size() + 1);
    const auto limit = *rc::gen::inRange<std::size_t>(1, 30);
    const auto found =
        values(where, Offset(static_cast<std::int64_t>(from)), {.max_records = limit});
    // An engine may give less than there is, of a fetch under way say, but never nothing.
    const auto most = std::min(limit, expected.values.size() - from);
    RC_ASSERT(found.size() <= most);
    RC_ASSERT(found.empty() == (most == 0));
    for (std::size_t i = 0; i < found.size(); ++i) RC_ASSERT(found[i] == expected.values[from + i]);
  };
  const auto remove_some = [&] {
    const TopicPartition where = any_place();
    ModelPartition& expected = model[where];
    const auto keep_from = *rc::gen::inRange(expected.first, expected.values.size() + 1);
    const auto removed = log().apply_retention(where, {.max_bytes = 0},
                                               Offset(static_cast<std::int64_t>(keep_from)), {});
    RC_ASSERT(removed.has_value());
    expected.first += static_cast<std::size_t>(*removed);
    RC_ASSERT(expected.first <= keep_from);
    RC_ASSERT(log().range(where)->first == Offset(static_cast<std::int64_t>(expected.first)));
  };
  const bool agrees = rc::check("a partition is a list whose front may be removed", [&] {
    for (int step = *rc::gen::inRange(1, 30); step > 0; --step) {
      const int kind = *rc::gen::inRange(0, 100);
      if (kind < 40) {
        append_some();
      } else if (kind < 85) {
        read_some();
      } else if (kind < 97) {
        remove_some();
      } else {
        reopen();
      }
    }
  });
  EXPECT_TRUE(agrees);
}

}  // namespace
}  // namespace bytebasket::streams
