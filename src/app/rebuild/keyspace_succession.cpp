#include "app/rebuild/keyspace_succession.hpp"

#include "app/engines/cassandra_settings.hpp"
#include "app/engines/keyspace_generations.hpp"
#include "app/engines/open_tables.hpp"
#include "base/log.hpp"
#if BYTEBASKET_CASSANDRA
#include "storage/cassandra/cassandra_schema.hpp"
#endif

namespace bytebasket::app {
namespace {

/// So many keyspaces that interrupted rebuilds left are passed over.
constexpr int most_left_over = 20;
constexpr int pauses_between_looks = 10;

class KeyspaceSuccession final : public TableSuccession {
 public:
  KeyspaceSuccession(Engines& engines, const schema::Settings& settings)
      : engines_(engines), settings_(settings) {}

  Result<storage::TableStore*> begin() override {
    BB_ASSIGN_OR_RETURN(former_, load());
    if (former_.next) {
      return fail(ErrorCode::conflict,
                  "keyspace " + *former_.next + " is about to take the present one's place");
    }
    next_ = former_.current;
    for (int i = 0; i < most_left_over; ++i) {
      next_ = keyspace_after(next_);
      BB_RETURN_IF_ERROR(make_keyspace(settings_, next_));
      BB_ASSIGN_OR_RETURN(filling_, open_keyspace(settings_, next_));
      BB_ASSIGN_OR_RETURN(const bool empty, is_empty(*filling_));
      if (empty) return filling_.get();
      spdlog::warn("keyspace {} has rows, perhaps of a rebuild that was interrupted: drop it",
                   next_);
    }
    return fail(ErrorCode::already_exists,
                "there are keyspaces up to " + next_ + ": drop those that nobody uses");
  }

  Status take_place(const Pause& pause) override {
    filling_->close();
    filling_.reset();
    const KeyspaceGenerations under_way{.current = former_.current, .next = next_};
    BB_ASSIGN_OR_RETURN(const bool named,
                        replace_generations(*engines_.configured_tables,
                                            settings_.cassandra.keyspace, former_, under_way));
    if (!named) return fail(ErrorCode::conflict, "another rebuild was faster");
    for (int i = 1; pause(); ++i) {
      if (i % pauses_between_looks != 0) continue;
      BB_ASSIGN_OR_RETURN(const auto generations, load());
      if (generations.current == next_) return ok();
    }
    return fail(ErrorCode::cancelled,
                "the server stops; the other processes go on to keyspace " + next_);
  }

 private:
  Result<KeyspaceGenerations> load() const {
    return load_generations(*engines_.configured_tables, settings_.cassandra.keyspace);
  }

  Engines& engines_;
  const schema::Settings& settings_;
  KeyspaceGenerations former_;
  std::string next_;
  std::unique_ptr<storage::TableStore> filling_;
};

}  // namespace

std::unique_ptr<TableSuccession> keyspace_succession(Engines& engines,
                                                     const schema::Settings& settings) {
  return std::make_unique<KeyspaceSuccession>(engines, settings);
}

Status make_keyspace(const schema::Settings& settings, const std::string& keyspace) {
#if BYTEBASKET_CASSANDRA
  schema::CassandraSettings there = settings.cassandra;
  there.keyspace = keyspace;
  BB_ASSIGN_OR_RETURN(const auto options, cassandra_options(there));
  return storage::apply_schema(options, [](const storage::SchemaChange&) {});
#else
  static_cast<void>(settings);
  static_cast<void>(keyspace);
  return fail(without_cassandra());
#endif
}

Result<std::vector<std::string>> keyspaces_in_use(const schema::Settings& settings) {
  const std::string& name = settings.cassandra.keyspace;
  std::vector<std::string> keyspaces = {name};
  BB_ASSIGN_OR_RETURN(const auto configured, open_keyspace(settings, name));
  BB_ASSIGN_OR_RETURN(const auto generations, load_generations(*configured, name));
  if (generations.current != name) keyspaces.push_back(generations.current);
  if (generations.next) keyspaces.push_back(*generations.next);
  return keyspaces;
}

Result<bool> is_empty(storage::TableStore& tables) {
  BB_ASSIGN_OR_RETURN(const auto page,
                      storage::enumerate_now(tables, {schema::TableId::job_state, "", 1}));
  return page.rows.empty();
}

}  // namespace bytebasket::app
