// A client of the tables in Cassandra, for the tests that pause it and take its server away.
//
//   cassandra_probe HOST:PORT KEYSPACE [USER PASSWORD CA_FILE]
//
// Makes the keyspace, says "ready" and answers lines in order, each with one line: "ok", what was
// found, or the kind of the error.
//
//   write ROW OFFSET VALUE     get ROW     swap EXPECTED|- VALUE     retry_for MILLISECONDS
#include <iostream>
#include <memory>
#include <sstream>
#include <string>

#include "storage/cassandra/cassandra_schema.hpp"
#include "storage/cassandra/cassandra_tables.hpp"

namespace {

using namespace bytebasket;
using namespace bytebasket::storage;

RowKey key_of(const std::string& row) {
  const schema::DecisionsKey key{row, "decision"};
  return storage::RowKey::of(key);
}

RowKey guarded_key() {
  const schema::FlushIntentsKey key{"stream", 0, "job"};
  return storage::RowKey::of(key);
}

std::string said(const Error& error) {
  std::cerr << error.message << std::endl;
  return std::string(to_string(error.code));
}

std::string write(TableStore& tables, std::istream& words) {
  std::string row;
  std::string value;
  std::int64_t offset = 0;
  words >> row >> offset >> value;
  const auto written =
      write_now(tables, {{key_of(row), value, {Epoch(1), Offset(offset)}, std::nullopt}});
  return written ? "ok" : said(written.error());
}

std::string get(TableStore& tables, std::istream& words) {
  std::string row;
  words >> row;
  const auto rows = get_now(tables, {key_of(row)});
  if (!rows) return said(rows.error());
  return rows->front() ? rows->front()->value : "none";
}

std::string swap(TableStore& tables, std::istream& words) {
  std::string expected;
  std::string value;
  words >> expected >> value;
  const auto swapped = compare_and_set_now(
      tables, guarded_key(), expected == "-" ? std::nullopt : std::optional(expected), value);
  return swapped ? (*swapped ? "swapped" : "refused") : said(swapped.error());
}

CassandraOptions options_of(int argc, char** argv) {
  CassandraOptions options;
  options.contact_points = {argv[1]};
  options.keyspace = argv[2];
  if (argc > 5) {
    options.user = argv[3];
    options.password = argv[4];
    options.tls = true;
    options.ca_file = argv[5];
    options.tls_name = "localhost";
  }
  return options;
}

int serve(CassandraOptions options) {
  std::unique_ptr<TableStore> tables;
  const auto open = [&] {
    auto opened = CassandraTables::open(options);
    if (!opened) std::cout << said(opened.error()) << std::endl;
    tables = opened ? std::move(*opened) : nullptr;
    return tables != nullptr;
  };
  if (!open()) return 1;
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string verb;
    words >> verb;
    if (verb == "retry_for") {
      std::int64_t milliseconds = 0;
      words >> milliseconds;
      options.retry_for = Milliseconds(milliseconds);
      if (!open()) return 1;
      std::cout << "ok" << std::endl;
      continue;
    }
    const auto answer = verb == "write" ? write : verb == "get" ? get : swap;
    std::cout << answer(*tables, words) << std::endl;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  const CassandraOptions options = options_of(argc, argv);
  if (const auto made = apply_schema(options, [](const SchemaChange&) {}); !made) {
    std::cout << said(made.error()) << std::endl;
    return 1;
  }
  return serve(options);
}
