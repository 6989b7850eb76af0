#include "producers/import/order_gatherer.hpp"

#include <algorithm>

#include "base/hash.hpp"

namespace bytebasket::producers::import_ {

namespace {

constexpr std::size_t largest_order_bytes = 4 << 20;

}  // namespace

void OrderGatherer::add(std::string_view key, const EventCase& event, const Row& row,
                        Timestamp time, Timestamp received, Translated& out) {
  ++row_number_;
  close_old(out);
  const std::string name(key);
  if (closed_.contains(hash64(name))) {
    out.refused.push_back({"rows of order " + name + " stand more than " +
                               std::to_string(rule_.within) +
                               " rows apart: set lines.within higher, or to 0",
                           std::string(row.text), row.line, 1, true});
    return;
  }
  const auto [entry, is_new] = open_.try_emplace(name);
  Order& order = entry->second;
  if (is_new) {
    order.first_line = row.line;
    order.received_at = received;
    if (const auto begun = writer_.begin(order.json, event, row, time); !begun)
      order.wrong = begun.error().message;
  }
  take_line(order, event, row);
  if (rule_.within != 0) recent_.emplace_back(row_number_, name);
}

void OrderGatherer::take_line(Order& order, const EventCase& event, const Row& row) {
  order.last_row = row_number_;
  ++order.rows;
  for (std::uint64_t& hash : order.hashes) hash = hash64(row.text, hash + 1);
  order.hashes[1] = hash64(row.text, order.hashes[1] ^ 0x1D);
  if (!order.wrong.empty()) return;
  if (order.lines.size() > largest_order_bytes) {
    order.wrong =
        "the order's lines have more than " + std::to_string(largest_order_bytes) + " bytes";
    return;
  }
  if (const auto line = writer_.append_line(order.lines, event, row); !line)
    order.wrong = line.error().message;
  const auto revenue = writer_.line_revenue(event, row);
  if (!revenue) order.wrong = revenue.error().message;
  if (!revenue || !*revenue) return;
  order.revenue = events::add(order.revenue.value_or(events::Micros(0)), **revenue);
  if (!order.revenue) order.wrong = "the sum of the order's lines is beyond what money can hold";
}

void OrderGatherer::close_old(Translated& out) {
  while (!recent_.empty() && recent_.front().first + rule_.within < row_number_) {
    const auto [row, name] = std::move(recent_.front());
    recent_.pop_front();
    const auto order = open_.find(name);
    if (order == open_.end() || order->second.last_row != row) continue;
    close(order->second, out);
    open_.erase(order);
    closed_.insert(hash64(name));
  }
}

void OrderGatherer::close(Order& order, Translated& out) const {
  if (!order.wrong.empty()) {
    out.refused.push_back(
        {order.wrong, std::move(order.lines), order.first_line, order.rows, true});
    return;
  }
  std::string& json = order.json;
  if (!json.ends_with('{')) json += ',';
  json += "\"products\":[" + order.lines + "]";
  if (rule_.revenue && order.revenue) {
    json += ",\"revenue\":";
    events::append_money_shortest(json, *order.revenue);
  }
  writer_.finish(json, "import-" + to_hex(order.hashes[0]) + to_hex(order.hashes[1]));
  out.drafts.push_back({std::move(json), order.received_at, order.first_line, order.rows});
}

void OrderGatherer::end(Translated& out) {
  std::vector<Order*> left;
  left.reserve(open_.size());
  for (auto& [name, order] : open_) left.push_back(&order);
  std::sort(left.begin(), left.end(),
            [](const Order* a, const Order* b) { return a->first_line < b->first_line; });
  for (Order* order : left) close(*order, out);
  open_.clear();
  recent_.clear();
  closed_.clear();
  row_number_ = 0;
}

}  // namespace bytebasket::producers::import_
