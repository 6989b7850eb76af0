"""The Settings struct, its declarations, config/embedded.yml and the reference page, from settings.toml and engine_settings.toml."""

import json

BANNER = "// Generated from schema/settings.toml and engine_settings.toml by schema/generate.py: edit that.\n"

CPP_TYPES = {
    "string": "std::string",
    "int": "std::int64_t",
    "bool": "bool",
    "duration": "Milliseconds",
    "bytes": "std::uint64_t",
    "number": "double",
    "list": "std::vector<std::string>",
}
DURATION_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
BYTE_UNITS = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
DESCRIPTIONS = {
    "string": "text",
    "int": "an integer",
    "bool": "`true` or `false`",
    "duration": "a duration",
    "bytes": "a size",
    "number": "a number",
    "list": "a list of texts",
    "map": "a map",
}


def split_unit(text, units):
    digits = text.rstrip("".join(set("".join(units))))
    return int(digits) * units[text[len(digits) :]]


def number_of(kind, value):
    """The integer that `value` (of settings.toml) stands for: milliseconds, bytes or itself."""
    if kind == "duration":
        return split_unit(value, DURATION_UNITS)
    if kind == "bytes":
        return split_unit(value, BYTE_UNITS)
    return value


def cpp_string(text):
    return json.dumps(text, ensure_ascii=False)


def cpp_default(kind, value):
    """`value` as a C++ initialiser; empty where the type's own default is meant."""
    if kind == "string":
        return f" = {cpp_string(value)}" if value else ""
    if kind == "bool":
        return f" = {'true' if value else 'false'}"
    if kind == "duration":
        return "{Milliseconds::max()}" if value == "forever" else f"{{{number_of(kind, value)}}}"
    if kind == "bytes":
        return " = UINT64_MAX" if value == "unlimited" else f" = {number_of(kind, value)}"
    if kind == "list":
        return f" = {{{', '.join(cpp_string(item) for item in value)}}}" if value else ""
    return f" = {value}"


def yaml_value(value):
    """`value` as YAML, in its flow form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(json.dumps(item) for item in value) + "]"
    return '""' if value == "" else str(value)


def struct_name(section):
    return "".join(word.capitalize() for word in section.split("_")) + "Settings"


def by_section(document):
    """[(section, [(name, setting)])] in order of declaration; a map at the top is a section of its own, name ""."""
    sections = {}
    for key, setting in document["settings"].items():
        section, _, name = key.partition(".")
        sections.setdefault(section, []).append((name, setting))
    missing = [section for section in sections if section not in document["sections"]]
    if missing:
        raise SystemExit(f"schema/settings.toml: no [sections] entry for {', '.join(missing)}")
    return sorted(sections.items(), key=lambda item: list(document["sections"]).index(item[0]))


def section_struct(section, settings, help_text):
    lines = [f"/// {help_text}", f"struct {struct_name(section)} {{"]
    for name, setting in settings:
        kind = setting["type"]
        lines += [f"  /// {setting['help']}", f"  {CPP_TYPES[kind]} {name}{cpp_default(kind, setting['default'])};"]
    return [*lines, f"  bool operator==(const {struct_name(section)}&) const = default;", "};", ""]


def record_struct(setting):
    record = setting["record"]
    lines = [f"/// {setting['help']}", f"struct {record} {{"]
    for name, field in setting["fields"].items():
        lines += [f"  /// {field['help']}", f"  std::string {name}{cpp_default('string', field['default'])};"]
    return [*lines, f"  bool operator==(const {record}&) const = default;", "};", ""]


def header(document):
    lines = [
        BANNER + "#pragma once\n",
        "#include <cstdint>\n#include <map>\n#include <optional>\n#include <span>\n#include <string>",
        "#include <string_view>\n#include <variant>\n#include <vector>\n",
        '#include "base/time.hpp"\n',
        "namespace bytebasket::schema {\n",
    ]
    members = []
    maps = []
    for section, settings in by_section(document):
        first = settings[0][1]
        if first["type"] == "map":
            lines += record_struct(first)
            maps.append(first["record"])
            members.append(f"  std::map<std::string, {first['record']}> {section};")
        else:
            lines += section_struct(section, settings, document["sections"][section])
            members.append(f"  {struct_name(section)} {section};")
    references = [f"{kind}*" for kind in CPP_TYPES.values()] + [f"std::map<std::string, {record}>*" for record in maps]
    lines += [
        "/// All settings, with their defaults.",
        "struct Settings {",
        *members,
        "  bool operator==(const Settings&) const = default;",
        "};\n",
        "/// Where in a Settings one setting stands.",
        f"using SettingReference = std::variant<{', '.join(references)}>;\n",
        "/// A field of the records of a map.",
        "template <typename Record>",
        "struct FieldDeclaration {\n  std::string_view name;\n  std::string_view help;",
        "  std::span<const std::string_view> values;  ///< all that is allowed; empty: any text",
        "  std::string Record::*member;\n};\n",
        "/// A setting as declared.",
        "struct SettingDeclaration {",
        "  std::string_view key;  ///< section.name",
        "  std::string_view type;  ///< string, int, bool, duration, bytes, number, list or map",
        "  std::string_view help;",
        "  std::span<const std::string_view> values;  ///< all that is allowed; empty: any",
        "  std::string_view choices_note;",
        "  std::optional<std::int64_t> minimum;  ///< of int, duration (milliseconds) and bytes",
        "  std::optional<std::int64_t> maximum;",
        "  std::string_view range;  ///< the limits as people write them",
        "  SettingReference (*reference)(Settings&);",
        "};\n",
        "/// All settings, in order of their declaration.",
        "std::span<const SettingDeclaration> setting_declarations();",
        *[f"std::span<const FieldDeclaration<{record}>> fields_of(const {record}&);" for record in maps],
        "\n}  // namespace bytebasket::schema",
    ]
    return "\n".join(lines) + "\n"


def range_text(setting):
    """`from 1 to 256`, `at least 1m`, or nothing."""
    low, high = setting.get("min"), setting.get("max")
    if low is None:
        return "" if high is None else f"at most {high}"
    return f"at least {low}" if high is None else f"from {low} to {high}"


def identifier(key):
    return key.replace(".", "_")


def values_array(name, setting):
    values = setting.get("values", [])
    if not values:
        return []
    listed = ", ".join(cpp_string(value) for value in values)
    return [f"constexpr std::array<std::string_view, {len(values)}> {name}_values = {{{listed}}};"]


def declaration(key, setting):
    kind = setting["type"]
    values = f"{identifier(key)}_values" if setting.get("values") else "{}"
    limits = [str(number_of(kind, setting[end])) if end in setting else "std::nullopt" for end in ("min", "max")]
    return (
        f"    {{{cpp_string(key)}, {cpp_string(kind)}, {cpp_string(setting['help'])}, {values}, "
        f"{cpp_string(setting.get('choices_note', ''))}, {', '.join(limits)}, {cpp_string(range_text(setting))},\n"
        f"     [](Settings& settings) -> SettingReference {{ return &settings.{key}; }}}},"
    )


def source(document):
    settings = document["settings"]
    arrays, fields, getters = [], [], []
    for key, setting in settings.items():
        arrays += values_array(identifier(key), setting)
        if setting["type"] != "map":
            continue
        record = setting["record"]
        rows = []
        for name, field in setting["fields"].items():
            arrays += values_array(f"{identifier(key)}_{name}", field)
            values = f"{identifier(key)}_{name}_values" if field.get("values") else "{}"
            rows.append(f"    {{{cpp_string(name)}, {cpp_string(field['help'])}, {values}, &{record}::{name}}},")
        fields += [f"constexpr std::array<FieldDeclaration<{record}>, {len(rows)}> {identifier(key)}_fields = {{{{", *rows, "}};"]
        getters.append(f"std::span<const FieldDeclaration<{record}>> fields_of(const {record}&) {{ return {identifier(key)}_fields; }}")
    lines = [
        BANNER + '#include "schema/settings.hpp"\n',
        "#include <array>\n",
        "namespace bytebasket::schema {\nnamespace {\n",
        *arrays,
        *fields,
        f"\nconst std::array<SettingDeclaration, {len(settings)}> declarations = {{{{",
        *[declaration(key, setting) for key, setting in settings.items()],
        "}};\n\n}  // namespace\n",
        "std::span<const SettingDeclaration> setting_declarations() { return declarations; }",
        *getters,
        "\n}  // namespace bytebasket::schema",
    ]
    return "\n".join(lines) + "\n"


def cpp(document):
    """(header, source) of schema/settings.{hpp,cpp}."""
    return header(document), source(document)


def allowed(setting):
    """What a setting takes, for people."""
    if setting.get("values"):
        text = ", ".join(f"`{value}`" for value in setting["values"])
        note = setting.get("choices_note")
        text = f"a list of {text}" if setting["type"] == "list" else text
        return f"{text} ({note})" if note else text
    limits = range_text(setting)
    return DESCRIPTIONS[setting["type"]] + (f" {limits}" if limits else "")


def default_text(setting):
    return "none" if setting["type"] == "map" else f"`{yaml_value(setting['default'])}`"


def reference_page(document):
    """docs/reference/settings.md."""
    lines = [
        "<!-- Generated from schema/settings.toml and engine_settings.toml by schema/generate.py: edit that. -->",
        "# Settings\n",
        "A setting comes from, in this order: a flag of the command line, the environment, the configuration file, its default.",
        "Without a configuration file the defaults are the embedded engines. A mistake ends the program with exit code 78 and",
        "a list of everything that is wrong, each with its file and line and what is allowed.\n",
        "- In the file: `section:` and under it `name: value` (YAML; `config/embedded.yml` has all of them).",
        "- In the environment: `BYTEBASKET_SECTION__NAME`, for example `BYTEBASKET_LISTEN__PORT=9000`. A list is written with",
        "  commas, a map as YAML: `BYTEBASKET_WRITE_KEYS='{k7Qm2xY9: {name: Website, source: web}}'`.",
        "- Durations: `250ms`, `30s`, `5m`, `1h`, `14d`, `forever`. Sizes: `65536`, `64KiB`, `4MiB`, `1GiB`, `unlimited`.\n",
    ]
    for section, settings in by_section(document):
        lines += [f"## {section}\n", document["sections"][section] + "\n"]
        lines += ["| setting | allowed | default | what it is |", "|---|---|---|---|"]
        for name, setting in settings:
            key = f"{section}.{name}" if name else section
            lines.append(f"| `{key}` | {allowed(setting)} | {default_text(setting)} | {setting['help']} |")
            for field, declared in setting.get("fields", {}).items():
                field_allowed = allowed(declared | {"type": "string"})
                default = default_text(declared | {"type": "string"})
                lines.append(f"| `{key}.KEY.{field}` | {field_allowed} | {default} | {declared['help']} |")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def default_configuration(document):
    """config/embedded.yml: every setting with its default."""
    lines = [
        "# Generated from schema/settings.toml and engine_settings.toml by schema/generate.py: edit that. Copy this file to make your own.",
        "# The embedded engines, with every setting at its default: what runs without a configuration file.",
    ]
    for section, settings in by_section(document):
        lines += ["", f"# {document['sections'][section]}"]
        first = settings[0][1]
        if first["type"] == "map":
            lines += [f"# {first['help']}", f"# {first['example']}", f"{section}: {{}}"]
            continue
        lines.append(f"{section}:")
        for name, setting in settings:
            lines.append(f"  # {setting['help']} Allowed: {allowed(setting).replace('`', '')}.")
            if "example" in setting:
                lines.append(f"  # {setting['example']}")
            lines.append(f"  {name}: {yaml_value(setting['default'])}")
    return "\n".join(lines) + "\n"
