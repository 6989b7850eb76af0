// Looking for card numbers in a parsed item, and masking them.
#include "events/card_number.hpp"
#include "events/item_normalizer.hpp"
#include "events/json_text.hpp"
#include "events/known_keys.hpp"
#include "events/number_scan.hpp"

namespace bytebasket::events {
namespace {

constexpr std::size_t shortest_card = 14;
constexpr std::size_t shortest_shown =
    11;  ///< digits that are too many under a card key, and too few anywhere else
static_assert(shortest_shown == NodeList::long_size);

enum class CardFound { none, in_text, all_of_it };

/// The text of a string node with its escapes undone into `scratch`.
std::string_view text_of(const JsonTape& tape, const JsonNode& node, std::string& scratch) {
  if (node.verbatim || node.kind != JsonKind::string) return tape.raw(node);
  scratch.clear();
  append_unescaped(scratch, tape.raw(node));
  return scratch;
}

/// What stands in a document, as for_each_card() sees it.
struct Place {
  const JsonNode& node;
  std::string_view text;  ///< the node's, its escapes undone
  const JsonNode* key;    ///< what it stands under; null in arrays and for keys
  std::string_view key_text;
};

/// True for keys whose values are no cards, however they look.
bool stands_under_code(const Place& place) {
  if (place.key == nullptr) return false;
  return meaning_of(place.key->known).is_code || is_code_key(place.key_text);
}

/// What `place` gives away.
CardFound look_at(const JsonTape& tape, const Place& place) {
  const auto& [node, text, key, key_text] = place;
  // None of the keys known by name is a card's.
  if (key != nullptr && key->known == KnownKey{} && is_card_key(key_text) && shows_too_much(text))
    return CardFound::all_of_it;
  if (text.size() < shortest_card) return CardFound::none;
  // A fraction's digits are no card: whole numbers only.
  if (node.kind == JsonKind::number && text.find_first_of(".eE") != std::string_view::npos)
    return CardFound::none;
  if (node.verbatim && !has_number_run<shortest_card>(tape.raw(node))) return CardFound::none;
  return stands_under_code(place) || !has_card_number(text) ? CardFound::none : CardFound::in_text;
}

/// True where the long node `at` could give a card away: most are told without a look at their
/// text. Under a key that is not known, which may be a card's, the number of digits tells;
/// elsewhere how many may belong to one number.
bool is_suspect(const JsonTape& tape, NodeIndex item, NodeIndex at) {
  const JsonNode& node = tape[at];
  if (node.kind != JsonKind::string) return node.kind == JsonKind::number;
  // What escapes stand for is not known yet.
  if (!node.verbatim) return true;
  const bool key_unknown = at > item && tape[at - 1].key && tape[at - 1].known == KnownKey{};
  if (key_unknown) return count_digits(tape.raw(node)) >= shortest_shown;
  return has_number_run<shortest_card>(tape.raw(node));
}

/// Calls `visit(place, found)` for every string, key and number of `item` that gives a card
/// away, in order, until it returns false.
template <typename Visit>
void for_each_card(const JsonTape& tape, NodeIndex item, Visit visit) {
  std::string key_scratch;
  std::string scratch;
  tape.for_each_long_text(item, tape[item].next, [&](NodeIndex at) {
    if (!is_suspect(tape, item, at)) return true;
    const JsonNode& node = tape[at];
    const bool is_member = at > item && tape[at - 1].key;
    const Place place{node, text_of(tape, node, scratch), is_member ? &tape[at - 1] : nullptr,
                      is_member ? text_of(tape, tape[at - 1], key_scratch) : std::string_view()};
    if (place.text.size() < shortest_shown) return true;
    const CardFound found = look_at(tape, place);
    return found == CardFound::none || visit(place, found);
  });
}

}  // namespace

std::string card_place(const JsonTape& tape, NodeIndex item) {
  std::string place;
  for_each_card(tape, item, [&](const Place& found, CardFound) {
    // An empty key tells no more than none.
    place = found.key_text.empty() ? "a list or a key"
                                   : "'" + std::string(found.key_text.substr(0, 64)) + "'";
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
  const auto add = [&](const Place& place, CardFound found) {
    const JsonNode& node = place.node;
    std::string masked;
    if (found == CardFound::all_of_it) {
      append_all_masked(masked, place.text);
    } else {
      append_masked(masked, place.text);
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
