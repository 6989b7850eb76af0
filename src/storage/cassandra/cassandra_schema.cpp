#include "storage/cassandra/cassandra_schema.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <map>
#include <thread>
#include <utility>

#include "base/hash.hpp"
#include "schema/cassandra.hpp"
#include "storage/cassandra/cql_session.hpp"

namespace bytebasket::storage {
namespace {

constexpr std::string_view migrations_table = "schema_migrations";
constexpr std::string_view placeholder = "@KEYSPACE@";

CqlMode mode_of(const CassandraOptions& options) {
  return {.consistency = static_cast<std::uint16_t>(options.write_consistency), .prepared = false};
}

std::string in_keyspace(std::string_view cql, const std::string& keyspace) {
  std::string text(cql);
  for (std::size_t at = 0; (at = text.find(placeholder, at)) != std::string::npos;) {
    text.replace(at, placeholder.size(), keyspace);
  }
  return text;
}

/// What tells one form of a migration from another, whatever the keyspace.
std::string fingerprint(const schema::Migration& migration) {
  std::uint64_t hash = 0;
  for (const std::string_view statement : migration.statements) hash = hash64(statement, hash);
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

/// `3`, or `dc1:3` for a datacenter. As the entry of a replication map.
Result<std::string> replication_entry(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const std::string place = colon == std::string::npos ? "" : text.substr(0, colon);
  const std::string_view count = std::string_view(text).substr(place.empty() ? 0 : colon + 1);
  int factor = 0;
  const auto [end, failed] = std::from_chars(count.data(), count.data() + count.size(), factor);
  if (failed != std::errc() || end != count.data() + count.size() || factor < 1 ||
      place.find('\'') != std::string::npos) {
    return fail(ErrorCode::invalid_argument,
                "replication '" + text + "' is neither a number of replicas nor DATACENTER:NUMBER");
  }
  return "'" + (place.empty() ? "replication_factor" : place) + "': " + std::to_string(factor);
}

Result<std::string> create_keyspace(const CassandraOptions& options) {
  const auto& given = options.replication;
  const bool simple = given.size() == 1 && given.front().find(':') == std::string::npos;
  std::string map = simple ? "'class': 'SimpleStrategy'" : "'class': 'NetworkTopologyStrategy'";
  for (const std::string& text : given) {
    BB_ASSIGN_OR_RETURN(const std::string entry, replication_entry(text));
    map += ", " + entry;
  }
  return "CREATE KEYSPACE IF NOT EXISTS \"" + options.keyspace + "\" WITH replication = {" + map +
         "}";
}

std::string create_migrations_table(const std::string& keyspace) {
  return "CREATE TABLE IF NOT EXISTS \"" + keyspace + "\"." + std::string(migrations_table) +
         " (scope text, number int, name text, fingerprint text, applied_at timestamp, PRIMARY KEY "
         "((scope), number))";
}

std::string record_migration(const std::string& keyspace, const schema::Migration& migration) {
  return "INSERT INTO \"" + keyspace + "\"." + std::string(migrations_table) +
         " (scope, number, name, fingerprint, applied_at) VALUES ('tables', " +
         std::to_string(migration.number) + ", '" + std::string(migration.name) + "', '" +
         fingerprint(migration) + "', toTimestamp(now()))";
}

/// The migrations that were applied: number → fingerprint. nullopt where there is not even a table
/// of them.
Result<std::optional<std::map<std::int64_t, std::string>>> applied_migrations(
    CqlSession& session, const CassandraOptions& options) {
  const CqlMode mode = mode_of(options);
  BB_ASSIGN_OR_RETURN(
      const auto tables,
      session.query_now(
          "SELECT table_name FROM system_schema.tables WHERE keyspace_name = '" + options.keyspace +
              "' AND table_name = '" + std::string(migrations_table) + "'",
          {.consistency = static_cast<std::uint16_t>(Consistency::one), .prepared = false}));
  if (tables.rows == 0) return std::nullopt;
  BB_ASSIGN_OR_RETURN(
      const auto rows,
      session.query_now("SELECT number, fingerprint FROM \"" + options.keyspace + "\"." +
                            std::string(migrations_table) + " WHERE scope = 'tables'",
                        mode));
  std::map<std::int64_t, std::string> applied;
  CellReader cells = rows.reader();
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const std::int64_t number = cells.take_integer();
    applied[number] = cells.take().value_or("");
  }
  return applied;
}

Status check_applied(const std::map<std::int64_t, std::string>& applied,
                     const std::string& keyspace) {
  const auto known = schema::cassandra_migrations();
  for (const auto& [number, form] : applied) {
    const auto found = std::find_if(known.begin(), known.end(), [wanted = number](const auto& m) {
      return m.number == wanted;
    });
    if (found == known.end()) {
      return fail(ErrorCode::conflict, "keyspace " + keyspace + " has migration " +
                                           std::to_string(number) +
                                           ", which this ByteBasket does not know: it is older "
                                           "than the one that made the tables");
    }
    if (fingerprint(*found) != form) {
      return fail(ErrorCode::conflict,
                  "keyspace " + keyspace + " has migration " + std::to_string(number) +
                      " in another form than this ByteBasket's: its tables are not those declared");
    }
  }
  return ok();
}

Result<std::vector<SchemaChange>> plan(CqlSession& session, const CassandraOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto applied, applied_migrations(session, options));
  std::vector<SchemaChange> changes;
  if (!applied) {
    BB_ASSIGN_OR_RETURN(std::string keyspace, create_keyspace(options));
    changes.push_back({"keyspace " + options.keyspace,
                       {std::move(keyspace), create_migrations_table(options.keyspace)}});
  } else {
    BB_RETURN_IF_ERROR(check_applied(*applied, options.keyspace));
  }
  for (const schema::Migration& migration : schema::cassandra_migrations()) {
    if (applied && applied->contains(migration.number)) continue;
    SchemaChange change{
        "migration " + std::to_string(migration.number) + ": " + std::string(migration.name), {}};
    for (const std::string_view statement : migration.statements) {
      change.statements.push_back(in_keyspace(statement, options.keyspace));
    }
    change.statements.push_back(record_migration(options.keyspace, migration));
    changes.push_back(std::move(change));
  }
  return changes;
}

/// Tried again while it is called invalid: it may go to another node than what it builds on, which
/// has not heard of that yet.
Status run_where_known(CqlSession& session, const std::string& statement, const CqlMode& mode,
                       std::chrono::milliseconds patience) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds pause{250};
  const auto deadline = Clock::now() + patience;
  while (true) {
    const auto run = session.query_now(statement, mode);
    if (run) return ok();
    if (run.error().code != ErrorCode::invalid_argument || Clock::now() >= deadline)
      return fail(run.error());
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace

Result<std::vector<SchemaChange>> plan_schema(const CassandraOptions& options) {
  BB_RETURN_IF_ERROR(check_keyspace_name(options.keyspace));
  BB_ASSIGN_OR_RETURN(const auto session, CqlSession::open(options));
  return plan(*session, options);
}

Status apply_schema(const CassandraOptions& options,
                    const std::function<void(const SchemaChange&)>& done) {
  BB_RETURN_IF_ERROR(check_keyspace_name(options.keyspace));
  BB_ASSIGN_OR_RETURN(const auto session, CqlSession::open(options));
  BB_ASSIGN_OR_RETURN(const auto changes, plan(*session, options));
  std::chrono::milliseconds patience{0};  // The first statement builds on nothing.
  for (const SchemaChange& change : changes) {
    for (const std::string& statement : change.statements) {
      const auto run = run_where_known(*session, statement, mode_of(options), patience);
      if (!run) return fail(run.error().within(change.title));
      patience = std::chrono::seconds(15);
    }
    done(change);
  }
  return ok();
}

Status check_schema(CqlSession& session, const CassandraOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto changes, plan(session, options));
  if (changes.empty()) return ok();
  return fail(ErrorCode::not_found, "Cassandra lacks " + changes.front().title +
                                        ": make it with `bytebasket schema apply`");
}

Status check_keyspace_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (!name.empty() && name.size() <= 48 && name.front() >= 'a' && name.front() <= 'z' &&
      std::all_of(name.begin(), name.end(), allowed)) {
    return ok();
  }
  return fail(ErrorCode::invalid_argument,
              "'" + std::string(name) +
                  "' cannot name a keyspace: a small letter, then small letters, digits and "
                  "underscores, 48 in all");
}

}  // namespace bytebasket::storage
