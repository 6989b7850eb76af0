// Rows that are the lines of one order, gathered until the order is whole.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "producers/import/mapped_event.hpp"
#include "producers/import/translator.hpp"

namespace bytebasket::producers::import_ {

/// Memory: the orders whose rows came within the last LinesRule::within rows, and eight bytes for
/// each order before. Not thread-safe.
class OrderGatherer {
 public:
  OrderGatherer(const LinesRule& rule, const EventWriter& writer) : rule_(rule), writer_(writer) {}

  /// Takes one row of the order `key`; gives the orders that are whole by now.
  void add(std::string_view key, const EventCase& event, const Row& row, Timestamp time,
           Timestamp received, Translated& out);
  /// The file ends: gives all that is left, in the order the orders began.
  void end(Translated& out);

 private:
  struct Order {
    std::string json;   ///< begun, properties open
    std::string lines;  ///< of `products`
    std::optional<events::Micros> revenue;
    Timestamp received_at;
    std::uint64_t first_line = 0;
    std::uint64_t last_row = 0;
    std::uint64_t rows = 0;
    std::uint64_t hashes[2] = {0, 0};  ///< of all its rows
    std::string wrong;                 ///< the first thing wrong with it
    bool transaction = false;
  };

  void take_line(Order& order, const EventCase& event, const Row& row);
  void close_old(Translated& out);
  void close(Order& order, Translated& out) const;

  const LinesRule& rule_;
  const EventWriter& writer_;
  std::unordered_map<std::string, Order> open_;
  std::deque<std::pair<std::uint64_t, std::string>> recent_;  ///< row numbers and their orders
  std::unordered_set<std::uint64_t> closed_;
  std::uint64_t row_number_ = 0;
};

}  // namespace bytebasket::producers::import_
