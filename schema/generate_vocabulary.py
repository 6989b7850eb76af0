"""EventKind and its look-up by name from events.toml."""

import random

BANNER = "// Generated from schema/events.toml by schema/generate.py: edit that.\n"


SLOTS = 512

HASH_CPP = """constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr std::size_t slot_of(std::string_view name) {
  const auto folded = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i]) | 0x20); };
  const std::size_t size = name.size();
  return (size * multipliers[0] + folded(0) * multipliers[1] + folded(size / 3) * multipliers[2] +
          folded(size * 2 / 3) * multipliers[3] + folded(size - 1) * multipliers[4]) %
         slots.size();
}

constexpr bool equal_in_any_case(std::string_view name, std::string_view lower_case) {
  if (name.size() != lower_case.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (lower(name[i]) != lower_case[i]) return false;
  }
  return true;
}
"""


def perfect_hash(names):
    """(multipliers, slots) of a perfect hash of `names` (lower case)."""
    choose = random.Random(0)
    for _ in range(100_000):
        multipliers = [choose.randrange(1, SLOTS, 2) for _ in range(5)]
        slots = [0] * SLOTS
        for index, name in enumerate(names):
            letters = [ord(name[at]) | 0x20 for at in (0, len(name) // 3, len(name) * 2 // 3, -1)]
            slot = sum(m * v for m, v in zip(multipliers, [len(name), *letters])) % SLOTS
            if slots[slot]:
                break
            slots[slot] = index + 1
        else:
            return multipliers, slots
    raise SystemExit("schema/events.toml: no perfect hash of the event names found; raise SLOTS in generate_vocabulary.py")


def enumerator(name):
    return name.lower().replace(" ", "_")


LOOKUPS_CPP = """EventKind event_kind(std::string_view name) {
  if (name.empty()) return EventKind::unknown;
  const std::uint8_t slot = slots[slot_of(name)];
  if (slot == 0) return EventKind::unknown;
  const auto& [known, kind] = by_name[slot - 1U];
  // Most clients spell it as we do.
  if (name == name_of(kind)) return kind;
  return equal_in_any_case(name, known) ? kind : EventKind::unknown;
}

ImpliedProperty implied_by(std::string_view name) {
  for (const auto& [known, property] : implied) {
    if (equal_in_any_case(name, known)) return property;
  }
  return {};
}

std::string_view name_of(EventKind kind) { return declared[static_cast<std::size_t>(kind)].name; }
EventGroup group_of(EventKind kind) { return declared[static_cast<std::size_t>(kind)].group; }
bool is_transaction(EventKind kind) { return declared[static_cast<std::size_t>(kind)].transaction; }

}  // namespace bytebasket::schema"""


def cpp(document):
    """(header, source) of schema/vocabulary.{hpp,cpp}."""
    return header(document["events"]), source(document["events"])


def header(events):
    groups = list(dict.fromkeys(event["group"] for event in events))
    lines = [
        BANNER + "#pragma once\n",
        "#include <cstdint>\n#include <string_view>\n",
        "namespace bytebasket::schema {\n",
        "/// The events of the vocabulary; `unknown` is any other name.",
        "enum class EventKind : std::uint8_t {",
        "  unknown,",
        *[f"  {enumerator(event['name'])}," for event in events],
        "};",
        f"inline constexpr std::size_t event_kind_count = {len(events) + 1};\n",
        "enum class EventGroup : std::uint8_t {",
        "  other,",
        *[f"  {group}," for group in groups],
        "};\n",
        "/// What an event of this name (or of an alias, in any case) is.",
        "EventKind event_kind(std::string_view name);",
        "/// A property that an alias says by its name: a `Payment Failed` is a Payment Attempted of status `failed`.",
        "struct ImpliedProperty {\n  std::string_view property;\n  std::string_view value;\n};",
        "/// What the name (in any case) says beyond its kind; empty for most.",
        "ImpliedProperty implied_by(std::string_view name);",
        "/// The canonical name; empty for `unknown`.",
        "std::string_view name_of(EventKind kind);",
        "EventGroup group_of(EventKind kind);",
        "/// True where the event belongs to the transactions stream.",
        "bool is_transaction(EventKind kind);\n",
        "}  // namespace bytebasket::schema",
    ]
    return "\n".join(lines) + "\n"


def source(events):
    names = []
    implied = []
    for event in events:
        for name in [event["name"], *event["aliases"]]:
            names.append((name.lower(), enumerator(event["name"])))
        for name, (property_name, value) in event.get("implies", {}).items():
            implied.append((name.lower(), property_name, value))
    multipliers, slots = perfect_hash([name for name, _ in names])
    lines = [
        BANNER + '#include "schema/vocabulary.hpp"\n',
        "#include <array>\n#include <cstddef>\n#include <utility>\n",
        "namespace bytebasket::schema {\nnamespace {\n",
        "struct Declared {\n  std::string_view name;\n  EventGroup group;\n  bool transaction;\n};\n",
        f"constexpr std::array<Declared, {len(events) + 1}> declared = {{{{",
        '    {"", EventGroup::other, false},',
        *[
            f'    {{"{event["name"]}", EventGroup::{event["group"]}, {"true" if event.get("stream") == "transactions" else "false"}}},'
            for event in events
        ],
        "}};\n",
        f"// Lower-case names and aliases.\nconstexpr std::array<std::pair<std::string_view, EventKind>, {len(names)}> by_name = {{{{",
        *[f'    {{"{name}", EventKind::{kind}}},' for name, kind in names],
        "}};\n",
        f"// A perfect hash of the names: one more than the index in by_name; 0 is none.\nconstexpr std::array<std::uint8_t, {SLOTS}> slots = {{{{",
        *["    " + " ".join(f"{slot}," for slot in slots[row : row + 16]) for row in range(0, SLOTS, 16)],
        "}};\n",
        f"constexpr std::array<std::size_t, {len(multipliers)}> multipliers = {{{{{', '.join(map(str, multipliers))}}}}};\n",
        f"constexpr std::array<std::pair<std::string_view, ImpliedProperty>, {len(implied)}> implied = {{{{",
        *[f'    {{"{name}", {{"{property_name}", "{value}"}}}},' for name, property_name, value in implied],
        "}};\n",
        HASH_CPP,
        "}  // namespace\n",
        LOOKUPS_CPP,
    ]
    return "\n".join(lines) + "\n"
