#include <algorithm>
#include <array>
#include <map>

#include <rapidcheck.h>

#include "contract/table_store_contract.hpp"

namespace bytebasket::storage {
namespace {

/// What a store should hold: of each row the value of the newest position.
class Model {
 public:
  void write(const std::string& partition, const std::string& clustering, Position position,
             const std::string& value) {
    auto [found, is_new] = rows_[partition].try_emplace(clustering, position, value);
    if (!is_new && position >= found->second.first) found->second = {position, value};
  }

  [[nodiscard]] std::string value(const std::string& partition,
                                  const std::string& clustering) const {
    const auto rows = rows_.find(partition);
    if (rows == rows_.end()) return "-";
    const auto row = rows->second.find(clustering);
    return row == rows->second.end() || row->second.second.empty() ? "-" : row->second.second;
  }

  [[nodiscard]] std::vector<std::string> values(const std::string& partition, bool reverse) const {
    std::vector<std::string> found;
    const auto rows = rows_.find(partition);
    if (rows == rows_.end()) return found;
    for (const auto& [clustering, row] : rows->second) {
      if (!row.second.empty()) found.push_back(row.second);
    }
    if (reverse) std::reverse(found.begin(), found.end());
    return found;
  }

 private:
  std::map<std::string, std::map<std::string, std::pair<Position, std::string>>> rows_;
};

std::string any_clustering() {
  return *rc::gen::element<std::string>("", "a", "ab", "b", "b\1", std::string("b\0", 2));
}

/// What is computed up to a position is a function of it.
std::string value_at(Position position) {
  const std::array<std::string, 4> values{"", "x", "y", "z"};
  return values.at(static_cast<std::size_t>(position.offset.value() + position.epoch.value()) % 4);
}

TEST_P(TableStoreContract, AgreesWithAMapUnderAnySequenceOfCalls) {
  int round = 0;
  const bool agrees = rc::check("a store is a map whose newest position wins", [&] {
    const std::string prefix = std::to_string(round++) + "/";
    const auto any_partition = [&] {
      return prefix + *rc::gen::element<std::string>("p", "q", std::string("p\0", 2));
    };
    Model model;
    const int steps = *rc::gen::inRange(1, 40);
    for (int step = 0; step < steps; ++step) {
      const int kind = *rc::gen::inRange(0, 100);
      if (kind < 50) {
        std::vector<Mutation> mutations;
        for (int i = *rc::gen::inRange(1, 5); i > 0; --i) {
          const std::string partition = any_partition();
          const std::string clustering = any_clustering();
          const Position position = at(*rc::gen::inRange(0, 6), *rc::gen::inRange(1, 3));
          mutations.push_back({row(partition, clustering), value_at(position), position, {}});
          model.write(partition, clustering, position, mutations.back().value);
        }
        write(std::move(mutations));
      } else if (kind < 75) {
        const std::string partition = any_partition();
        const std::string clustering = any_clustering();
        RC_ASSERT(value(row(partition, clustering)) == model.value(partition, clustering));
      } else if (kind < 96) {
        const std::string partition = any_partition();
        const bool reverse = *rc::gen::arbitrary<bool>();
        const auto limit = *rc::gen::inRange<std::uint32_t>(1, 5);
        RC_ASSERT(all_values(partition, reverse, limit) == model.values(partition, reverse));
      } else if (kind < 98) {
        reopen();
      } else {
        RC_ASSERT(store().compact().has_value());
      }
    }
  });
  EXPECT_TRUE(agrees);
}

}  // namespace
}  // namespace bytebasket::storage
