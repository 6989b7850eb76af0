// Looking for card numbers in a parsed item, and masking them.
#include "events/card_number.hpp"
#include "events/item_normalizer.hpp"
#include "events/json_text.hpp"

namespace bytebasket::events {
namespace {

constexpr std::size_t shortest_card = 14;
constexpr std::size_t shortest_shown =
    11;  ///< digits that are too many under a card key, and too few anywhere else

enum class CardFound { none, in_text, all_of_it };

/// The text of a string node with its escapes undone into `scratch`.
std::string_view text_of(const JsonTape& tape, const JsonNode& node, std::string& scratch) {
  if (node.verbatim || node.kind != JsonKind::string) return tape.raw(node);
  scratch.clear();
  append_unescaped(scratch, tape.raw(node));
  return scratch;
}

/// What the value or key `text` gives away. `key` is the key it stands under; empty in arrays and
/// for keys.
CardFound look_at(std::string_view key, const JsonNode& node, std::string_view text) {
  if (!key.empty() && is_card_key(key) && shows_too_much(text)) return CardFound::all_of_it;
  if (text.size() < shortest_card) return CardFound::none;
  // A fraction's digits are no card: whole numbers only.
  if (node.kind == JsonKind::number && text.find_first_of(".eE") != std::string_view::npos)
    return CardFound::none;
  if (!has_card_number(text)) return CardFound::none;
  return key.empty() || !is_code_key(key) ? CardFound::in_text : CardFound::none;
}

/// True where a node could give a card away: most are told by their size, and most of the others by
/// how few digits they have.
bool is_suspect(const JsonTape& tape, const JsonNode& node) {
  if (node.size < shortest_shown) return false;
  if (node.kind == JsonKind::number) return true;
  if (node.kind != JsonKind::string) return false;
  // What escapes stand for is not known yet.
  return !node.verbatim || count_digits(tape.raw(node)) >= shortest_shown;
}

/// Calls `visit(node, text, found)` for every string, key and number of `item` that gives a card
/// away, in order, until it returns false.
template <typename Visit>
void for_each_card(const JsonTape& tape, NodeIndex item, Visit visit) {
  std::string key_scratch;
  std::string scratch;
  for (NodeIndex at = item; at < tape[item].next; ++at) {
    const JsonNode& node = tape[at];
    if (!is_suspect(tape, node)) continue;
    const bool is_member = at > item && tape[at - 1].key;
    const std::string_view key =
        is_member ? text_of(tape, tape[at - 1], key_scratch) : std::string_view();
    const std::string_view text = text_of(tape, node, scratch);
    if (text.size() < shortest_shown) continue;
    const CardFound found = look_at(key, node, text);
    if (found != CardFound::none && !visit(node, text, found, key)) return;
  }
}

}  // namespace

std::string card_place(const JsonTape& tape, NodeIndex item) {
  std::string place;
  for_each_card(
      tape, item, [&](const JsonNode&, std::string_view, CardFound, std::string_view key) {
        place = key.empty() ? "a list or a key" : "'" + std::string(key.substr(0, 64)) + "'";
        return false;
      });
  return place;
}

std::string masked_payload(const JsonTape& tape, NodeIndex item) {
  const std::string_view bytes = tape.raw(item);
  const std::uint32_t offset = tape[item].begin;
  std::string out;
  TextWriter quoted;
  std::size_t done = 0;
  const auto add = [&](const JsonNode& node, std::string_view text, CardFound found,
                       std::string_view) {
    std::string masked;
    if (found == CardFound::all_of_it) {
      append_all_masked(masked, text);
    } else {
      append_masked(masked, text);
    }
    const std::size_t quote = node.kind == JsonKind::string ? 1 : 0;
    out += bytes.substr(done, node.begin - quote - offset - done);
    quoted.clear();
    quoted.put_quoted(masked);
    out += quoted.text();
    done = node.begin + node.size + quote - offset;
    return true;
  };
  // A bare string as an item begins inside its quotes; it is no event, and nothing of it is kept
  // but its masked text.
  if (tape[item].kind == JsonKind::string) return mask_unread(bytes);
  for_each_card(tape, item, add);
  out += bytes.substr(done);
  return out;
}

}  // namespace bytebasket::events
