// One event as sent → its canonical form, or the reason why not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/dimensions.hpp"
#include "events/event_block.hpp"
#include "events/item_fields.hpp"
#include "events/normalize.hpp"
#include "events/property_writer.hpp"

namespace bytebasket::events {

/// One item of a parsed body.
struct ItemPlace {
  NodeIndex node = 0;
  NodeIndex shared_context = 0;      ///< the batch's `context`; 0 for none
  std::size_t depth = 0;             ///< of the containers around it
  bool utf8_checked = false;         ///< the whole body is valid UTF-8
  std::string_view context_problem;  ///< what is wrong with the batch's context; empty for nothing
};

/// Used for one item after another of the documents that `tape` holds. Not thread-safe.
class ItemNormalizer {
 public:
  ItemNormalizer(const JsonTape& tape, const EventLimits& limits)
      : tape_(tape), fields_(tape), limits_(limits) {}
  ItemNormalizer(const ItemNormalizer&) = delete;
  ItemNormalizer& operator=(const ItemNormalizer&) = delete;

  /// Makes events of an item, or says why not. They are held until they are taken.
  std::optional<Refused> normalize(const ItemPlace& place, const Envelope& envelope);

  /// Makes room for the events of a text of `bytes`, so that they need not be moved as they grow.
  void reserve(std::size_t bytes);
  /// The events made since they were taken last.
  std::vector<Normalized> take() { return block_.take(); }

  /// What is wrong with the `context` of a batch, so that no event may take it over; empty for
  /// nothing.
  [[nodiscard]] std::string problem_of_context(NodeIndex context, bool utf8_checked) const;

 private:
  Status read(const ItemPlace& place, const Envelope& envelope);
  Status check_form(const ItemPlace& place) const;
  Status check_text(NodeIndex node, std::size_t depth, bool utf8_checked) const;
  Status check_cards();
  Status read_call(const Envelope& envelope);
  Status read_ids();
  Status read_times(const Envelope& envelope);
  Status write(const Envelope& envelope);
  void write_implied();
  void write_context(std::string_view remote_address);
  void merge_contexts(NodeIndex own, NodeIndex shared, bool without_ip);
  void write_unknown();
  Status check_order() const;
  [[nodiscard]] bool is_consumed(TopKey key) const;
  [[nodiscard]] Result<std::optional<Timestamp>> time_at(TopKey key, std::string_view name);
  [[nodiscard]] std::string made_up_id() const;
  void write_marker();
  [[nodiscard]] Refused refuse(const ItemPlace& place, const Envelope& envelope,
                               std::string reason) const;

  const JsonTape& tape_;
  ItemFields fields_;
  const EventLimits limits_;
  DimensionFinder dimension_finder_;
  PropertyWriter property_writer_;

  // Of the item at hand.
  Event event_;
  Dimensions dimensions_;
  Timestamp received_at_;
  schema::ImpliedProperty implied_;
  std::string message_id_;
  EventBlock block_;
  TextWriter& out_ = block_.text();
};

/// The item's bytes with its card numbers masked.
std::string masked_payload(const JsonTape& tape, NodeIndex item);

/// The first place in `item` where a card number stands; empty where there is none.
std::string card_place(const JsonTape& tape, NodeIndex item);

}  // namespace bytebasket::events
