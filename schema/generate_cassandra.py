"""The tables of Cassandra: migrations as C++, and the reference page, from tables.toml."""

BANNER = "// Generated from schema/tables.toml by schema/generate.py: edit that.\n"

# The position that wrote a row. Its write timestamp orders rows, these say it.
POSITION_COLUMNS = ("log_epoch bigint", "log_offset bigint")

# Write timestamps are log positions, not times, so what sorts files by time (TimeWindowCompactionStrategy) cannot work.
# A row that is written at every flush would leave a version in file after file: levels keep the number of files that a
# read looks into small. Rows that are written once or twice gain nothing from it, and tiers write each the fewest times.
# Measured (bench_cassandra_compaction, bench/RESULTS.md): of rewritten rows levels take a third off the slowest reads and
# the space, for three times the compaction; of rows written once tiers read as fast for a third of it, and the older
# SizeTieredCompactionStrategy five times slower, because it keeps expired rows.
REWRITTEN = "{'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'L4'}"
WRITTEN_ONCE = "{'class': 'UnifiedCompactionStrategy', 'scaling_parameters': 'T4'}"
# Rows are never deleted, so what is left of an expired one only has to outlive hints and a day without repair.
GC_GRACE_SECONDS = 86_400


def create_table(name, table, keyspace):
    """The CQL that makes a table."""
    columns = [f'"{column.lstrip("-")}" {kind}' for part in ("partition", "clustering", "columns") for column, kind in table[part].items()]
    columns += POSITION_COLUMNS
    partition = ", ".join(f'"{column}"' for column in table["partition"])
    clustering = ", ".join(f'"{column.lstrip("-")}"' for column in table["clustering"])
    order = ", ".join(f'"{column.lstrip("-")}" {"DESC" if column.startswith("-") else "ASC"}' for column in table["clustering"])
    options = [f"CLUSTERING ORDER BY ({order})"]
    options.append(f"compaction = {REWRITTEN if table.get('rewritten') else WRITTEN_ONCE}")
    if table["ttl"] != "none":
        options.append(f"gc_grace_seconds = {GC_GRACE_SECONDS}")
    lines = [f'CREATE TABLE IF NOT EXISTS "{keyspace}"."{name}" (']
    lines += [f"  {column}," for column in columns]
    lines += [f"  PRIMARY KEY (({partition}), {clustering})", ") WITH " + "\n  AND ".join(options)]
    return "\n".join(lines)


def migrations(document, keyspace):
    """[(number, name, [CQL])], in order: the tables that came with each, then what it says itself."""
    listed = []
    for number, migration in sorted((int(number), migration) for number, migration in document["migrations"].items()):
        tables = [create_table(name, table, keyspace) for name, table in document["tables"].items() if table.get("since", 1) == number]
        own = [cql.replace("@KEYSPACE@", keyspace) for cql in migration.get("cql", [])]
        listed.append((number, migration["name"], tables + own))
    known = [number for number, _, _ in listed]
    if known != list(range(1, len(known) + 1)):
        raise SystemExit(f"schema/tables.toml: migrations are numbered {known}; they count from 1 without a gap")
    for name, table in document["tables"].items():
        if table.get("since", 1) not in known:
            raise SystemExit(f"schema/tables.toml: table {name} is of migration {table['since']}, which is not declared")
    return listed


def header():
    lines = [
        BANNER + "#pragma once\n",
        "#include <span>\n#include <string_view>\n",
        "namespace bytebasket::schema {\n",
        "/// A numbered change of the schema in Cassandra. Its statements can be run again without harm; in them @KEYSPACE@ stands",
        "/// for the keyspace.",
        "struct Migration {\n  int number;\n  std::string_view name;\n  std::span<const std::string_view> statements;\n};\n",
        "/// All migrations, from number 1 on.",
        "std::span<const Migration> cassandra_migrations();\n",
        "}  // namespace bytebasket::schema",
    ]
    return "\n".join(lines) + "\n"


def source(document):
    listed = migrations(document, "@KEYSPACE@")
    lines = [BANNER + '#include "schema/cassandra.hpp"\n', "#include <array>\n", "namespace bytebasket::schema {\nnamespace {\n"]
    for number, _, statements in listed:
        lines.append(f"constexpr std::array<std::string_view, {len(statements)}> statements_{number} = {{")
        lines += [f'    R"cql({statement})cql",' for statement in statements]
        lines.append("};")
    lines.append(f"\nconstexpr std::array<Migration, {len(listed)}> migrations = {{{{")
    lines += [f'    {{{number}, "{name}", statements_{number}}},' for number, name, _ in listed]
    lines += ["}};\n\n}  // namespace\n", "std::span<const Migration> cassandra_migrations() { return migrations; }\n"]
    lines.append("}  // namespace bytebasket::schema")
    return "\n".join(lines) + "\n"


def cpp(document):
    """(header, source) of schema/cassandra.{hpp,cpp}."""
    return header(), source(document)


def properties(table):
    """What is special about a table, for people."""
    said = ["Rows are kept." if table["ttl"] == "none" else f"Rows expire by `{table['ttl']}`."]
    if table.get("together"):
        said.append("The rows of a partition are written all or nothing.")
    if table.get("guarded"):
        said.append("Rows are written by compare-and-set only.")
    return " ".join(said)


def reference_page(document):
    """docs/reference/tables.md."""
    lines = [
        "<!-- Generated from schema/tables.toml by schema/generate.py: edit that. -->",
        "# Tables\n",
        "Each table answers one question with one partition read. The embedded engine keeps the same rows under encoded keys; in",
        "Cassandra keys are columns and the value is a blob whose form is ByteBasket's own. `log_epoch` and `log_offset` are the log",
        "position that wrote a row; its offset is the write timestamp too, so of two writers the older one loses by itself. A row",
        "with an empty value counts as deleted. `bytebasket schema plan` prints these statements for your keyspace.\n",
    ]
    for name, table in document["tables"].items():
        lines += [f"## {name}\n", f"{table['question']} {properties(table)}\n"]
        lines += ["```sql", create_table(name, table, "bytebasket"), "```\n"]
    return "\n".join(lines).rstrip() + "\n"
