"""C++ row types and key encodings from tables.toml."""

BANNER = "// Generated from schema/tables.toml by schema/generate.py: edit that.\n"

CPP_TYPES = {
    "text": "std::string",
    "bigint": "std::int64_t",
    "int": "std::int32_t",
    "timestamp": "Timestamp",
}


def key_columns(columns):
    """[(name, type, descending)] of a key declaration, where "-name" means descending."""
    parsed = []
    for name, kind in columns.items():
        if kind not in CPP_TYPES:
            raise SystemExit(f"schema/tables.toml: key column {name} has unknown type {kind}; known: {', '.join(CPP_TYPES)}")
        parsed.append((name.lstrip("-"), kind, name.startswith("-")))
    return parsed


def struct_name(table):
    return "".join(word.capitalize() for word in table.split("_")) + "Key"


def append_part(name, kind, descending):
    """The statement that appends one key column to `key`."""
    if kind == "text":
        return f"append_key_text(key, {name});"
    value = f"to_ms({name})" if kind == "timestamp" else name
    return f"append_key_int{'_descending' if descending else ''}(key, {value});"


def take_part(name, kind, descending):
    """The statements that take one key column off the front of `rest`."""
    if kind == "text":
        take, assign = "take_key_text(rest)", f"row.{name} = std::move(*part);"
    else:
        take = f"take_key_int{'_descending' if descending else ''}(rest)"
        assign = {
            "bigint": f"row.{name} = *part;",
            "int": f"row.{name} = static_cast<std::int32_t>(*part);",
            "timestamp": f"row.{name} = timestamp_from_ms(*part);",
        }[kind]
    return [f"  if (auto part = {take}) {{", f"    {assign}", "  } else {", "    return std::nullopt;", "  }"]


def size_of_part(name, kind):
    """How long a part of a key is, unless a text holds a zero."""
    return f"{name}.size() + 2" if kind == "text" else "8"


def table_header(name, table):
    partition, clustering = key_columns(table["partition"]), key_columns(table["clustering"])
    lines = [f"/// {table['question']}", f"struct {struct_name(name)} {{", f"  static constexpr TableId table = TableId::{name};", ""]
    for column, kind, _ in partition + clustering:
        initial = "" if kind in ("text", "timestamp") else " = 0"
        lines.append(f"  {CPP_TYPES[kind]} {column}{initial};")
    lines += [
        "",
        "  /// The encoded partition key and clustering key.",
        "  [[nodiscard]] std::string partition_key() const;",
        "  [[nodiscard]] std::string clustering_key() const;",
        "  /// The key columns back from both; nullopt where the bytes are no such keys.",
        f"  static std::optional<{struct_name(name)}> decode(std::string_view partition_key, std::string_view clustering_key);",
        "};",
        "",
    ]
    return lines


def table_source(name, table):
    struct = struct_name(name)
    lines = []
    for part in ("partition", "clustering"):
        size = " + ".join(size_of_part(name, kind) for name, kind, _ in key_columns(table[part]))
        lines += [f"std::string {struct}::{part}_key() const {{", "  std::string key;", f"  key.reserve({size});"]
        lines += [f"  {append_part(*column)}" for column in key_columns(table[part])]
        lines += ["  return key;", "}", ""]
    lines += [
        f"std::optional<{struct}> {struct}::decode(std::string_view partition_key, std::string_view clustering_key) {{",
        f"  {struct} row;",
        "  std::string_view rest = partition_key;",
    ]
    for column in key_columns(table["partition"]):
        lines += take_part(*column)
    lines += ["  if (!rest.empty()) return std::nullopt;", "  rest = clustering_key;"]
    for column in key_columns(table["clustering"]):
        lines += take_part(*column)
    lines += ["  if (!rest.empty()) return std::nullopt;", "  return row;", "}", ""]
    return lines


def column_list(columns):
    return ", ".join(
        f'{{"{name}", ColumnType::{kind}, {"true" if descending else "false"}}}' for name, kind, descending in key_columns(columns)
    )


def cpp(document):
    """(header, source) of schema/tables.{hpp,cpp}."""
    tables = document["tables"]
    header = [
        BANNER + "#pragma once\n",
        "#include <cstdint>\n#include <optional>\n#include <span>\n#include <string>\n#include <string_view>\n",
        '#include "base/time.hpp"\n',
        "namespace bytebasket::schema {\n",
        "/// The tables. The numbers are stored: never reuse one.",
        "enum class TableId : std::uint8_t {",
        *[f"  {name} = {table['id']}," for name, table in tables.items()],
        "};",
        f"inline constexpr std::size_t table_count = {len(tables)};\n",
        "enum class ColumnType : std::uint8_t { text, bigint, int_, timestamp, blob };\n",
        "struct Column {\n  std::string_view name;\n  ColumnType type;\n  bool descending;\n};\n",
        "/// A table as declared. Every table has one value column, a blob that its owner encodes.",
        "struct TableDeclaration {\n  TableId id;\n  std::string_view name;\n  std::string_view question;\n"
        "  std::span<const Column> partition;\n  std::span<const Column> clustering;\n  std::string_view value;\n"
        '  std::string_view ttl;  ///< the setting that gives rows their expiry, or "none"\n'
        "  bool together;  ///< the rows of a partition in one write are all or nothing\n"
        "  bool guarded;  ///< written by compare-and-set only\n};\n",
        "/// All tables, in order of their declaration.",
        "std::span<const TableDeclaration> tables();",
        "const TableDeclaration& declaration_of(TableId id);\n",
    ]
    source = [
        BANNER + '#include "schema/tables.hpp"\n',
        "#include <array>\n#include <cstdlib>\n#include <utility>\n",
        '#include "base/bytes.hpp"\n',
        "namespace bytebasket::schema {\nnamespace {\n",
    ]
    for name, table in tables.items():
        for part in ("partition", "clustering"):
            columns = table[part]
            text = column_list(columns).replace("ColumnType::int,", "ColumnType::int_,")
            source.append(f"constexpr std::array<Column, {len(columns)}> {name}_{part} = {{{{{text}}}}};")
    source.append(f"\nconstexpr std::array<TableDeclaration, {len(tables)}> declarations = {{{{")
    for name, table in tables.items():
        (value,) = table["columns"]
        flags = ", ".join("true" if table.get(flag) else "false" for flag in ("together", "guarded"))
        source.append(
            f'    {{TableId::{name}, "{name}", "{table["question"]}", {name}_partition, {name}_clustering, "{value}", "{table["ttl"]}",'
            f" {flags}}},"
        )
    source += [
        "}};\n\n}  // namespace\n",
        "std::span<const TableDeclaration> tables() { return declarations; }\n",
        "const TableDeclaration& declaration_of(TableId id) {\n  for (const auto& declaration : declarations) {\n"
        "    if (declaration.id == id) return declaration;\n  }\n  std::abort();\n}\n",
    ]
    for name, table in tables.items():
        header += table_header(name, table)
        source += table_source(name, table)
    header.append("}  // namespace bytebasket::schema")
    source.append("}  // namespace bytebasket::schema")
    return "\n".join(header) + "\n", "\n".join(source) + "\n"
