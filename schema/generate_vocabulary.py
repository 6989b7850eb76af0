"""EventKind and its look-up by name from events.toml."""

BANNER = "// Generated from schema/events.toml by schema/generate.py: edit that.\n"


def enumerator(name):
    return name.lower().replace(" ", "_")


def cpp(document):
    """(header, source) of schema/vocabulary.{hpp,cpp}."""
    events = document["events"]
    groups = list(dict.fromkeys(event["group"] for event in events))
    header = [
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
        "/// The canonical name; empty for `unknown`.",
        "std::string_view name_of(EventKind kind);",
        "EventGroup group_of(EventKind kind);",
        "/// True where the event belongs to the transactions stream.",
        "bool is_transaction(EventKind kind);\n",
        "}  // namespace bytebasket::schema",
    ]
    names = []
    for event in events:
        for name in [event["name"], *event["aliases"]]:
            names.append((name.lower(), enumerator(event["name"])))
    names.sort()
    source = [
        BANNER + '#include "schema/vocabulary.hpp"\n',
        "#include <algorithm>\n#include <array>\n#include <cstddef>\n#include <utility>\n",
        "namespace bytebasket::schema {\nnamespace {\n",
        "struct Declared {\n  std::string_view name;\n  EventGroup group;\n  bool transaction;\n};\n",
        f"constexpr std::array<Declared, {len(events) + 1}> declared = {{{{",
        '    {"", EventGroup::other, false},',
        *[
            f'    {{"{event["name"]}", EventGroup::{event["group"]}, {"true" if event.get("stream") == "transactions" else "false"}}},'
            for event in events
        ],
        "}};\n",
        f"// Lower-case names and aliases, sorted.\nconstexpr std::array<std::pair<std::string_view, EventKind>, {len(names)}> by_name = {{{{",
        *[f'    {{"{name}", EventKind::{kind}}},' for name, kind in names],
        "}};\n",
        f"constexpr std::size_t longest = {max(len(name) for name, _ in names)};\n",
        "}  // namespace\n",
        """EventKind event_kind(std::string_view name) {
  if (name.size() > longest) return EventKind::unknown;
  std::array<char, longest> lower{};
  std::transform(name.begin(), name.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const std::string_view wanted(lower.data(), name.size());
  const auto found = std::lower_bound(by_name.begin(), by_name.end(), wanted,
                                      [](const auto& entry, std::string_view key) { return entry.first < key; });
  return found != by_name.end() && found->first == wanted ? found->second : EventKind::unknown;
}

std::string_view name_of(EventKind kind) { return declared[static_cast<std::size_t>(kind)].name; }
EventGroup group_of(EventKind kind) { return declared[static_cast<std::size_t>(kind)].group; }
bool is_transaction(EventKind kind) { return declared[static_cast<std::size_t>(kind)].transaction; }

}  // namespace bytebasket::schema""",
    ]
    return "\n".join(header) + "\n", "\n".join(source) + "\n"
