#include "verification/live_state.hpp"

#include <algorithm>
#include <map>

#include "base/bytes.hpp"
#include "processors/definitions.hpp"
#include "processors/metric_rows.hpp"
#include "schema/tables.hpp"

namespace bytebasket::verification {
namespace {

constexpr std::uint8_t format_version = 1;

storage::RowKey mark_key(streams::TopicPartition where) {
  schema::JobStateKey key;
  key.job = "rebuild";
  key.stream = streams::name_of(where.stream);
  key.source_partition = where.partition.value();
  return storage::RowKey::of(key);
}

/// Of each kind the document that acted right before `first`.
Result<std::vector<processors::DefinitionDocument>> acting_before(storage::TableStore& tables,
                                                                  std::int32_t source,
                                                                  Position first) {
  std::map<std::string, processors::StoredDefinition> newest;
  storage::EnumerationRequest request{schema::TableId::definitions, "", 100};
  for (bool more = true; more;) {
    BB_ASSIGN_OR_RETURN(const auto page, storage::enumerate_now(tables, request));
    for (const storage::TableRow& row : page.rows) {
      const auto key = schema::DefinitionsKey::decode(row.key.partition, row.key.clustering);
      if (!key || key->source != source || row.value.empty()) continue;
      BB_ASSIGN_OR_RETURN(auto stored, processors::read_definition(key->kind, row.value));
      if (stored.since >= first) continue;
      const auto known = newest.find(key->kind);
      if (known == newest.end()) {
        newest.emplace(key->kind, std::move(stored));
      } else if (known->second.since <= stored.since) {
        known->second = std::move(stored);
      }
    }
    more = page.next.has_value();
    if (more) request.from = *page.next;
  }
  std::vector<processors::DefinitionDocument> documents;
  documents.reserve(newest.size());
  for (auto& [kind, stored] : newest) documents.push_back(std::move(stored.document));
  return documents;
}

}  // namespace

storage::Mutation RebuildMark::row(streams::TopicPartition where, Position position) const {
  std::string bytes;
  ByteWriter out(bytes);
  out.put_u8(format_version);
  out.put_varint(acting.size());
  for (const ActingDefinition& each : acting) {
    out.put_string(each.document.kind);
    out.put_string(each.document.text);
    out.put_signed(each.until.value());
  }
  return {mark_key(where), std::move(bytes), position, std::nullopt};
}

Result<std::optional<RebuildMark>> RebuildMark::load(storage::TableStore& tables,
                                                     streams::TopicPartition where) {
  BB_ASSIGN_OR_RETURN(const auto row, storage::get_one_now(tables, mark_key(where)));
  if (!row) return std::nullopt;
  ByteReader in(row->value);
  const std::uint8_t version = in.take_u8();
  RebuildMark mark;
  for (std::uint64_t left = in.take_varint(); left > 0 && in.ok(); --left) {
    std::string kind(in.take_string());
    std::string text(in.take_string());
    mark.acting.push_back({processors::DefinitionDocument::of(std::move(kind), std::move(text)),
                           Offset(in.take_signed())});
  }
  if (!in.ok() || !in.at_end() || version != format_version) {
    return fail(ErrorCode::corrupt,
                "what the rebuild of " + to_string(where) + " noted is stored as broken bytes");
  }
  return mark;
}

Result<LivePosition> live_position(storage::TableStore& tables, streams::TopicPartition where,
                                   Epoch epoch) {
  BB_ASSIGN_OR_RETURN(const auto state, processors::JobState::load(tables, where));
  BB_ASSIGN_OR_RETURN(const auto intent, processors::FlushIntent::load(tables, where));
  LivePosition live;
  live.stored = state ? state->applied : Position{epoch, Offset(-1)};
  live.newest = intent ? std::max(live.stored, intent->upto) : live.stored;
  return live;
}

Result<PartitionPlan> plan_for(storage::TableStore& tables, History& history,
                               streams::TopicPartition where) {
  PartitionPlan plan;
  plan.where = where;
  BB_ASSIGN_OR_RETURN(plan.range, history.range(where));
  BB_ASSIGN_OR_RETURN(auto mark, RebuildMark::load(tables, where));
  if (mark) plan.acting = std::move(mark->acting);
  if (plan.range.first == Offset(0)) return plan;
  BB_ASSIGN_OR_RETURN(auto documents, acting_before(tables, processors::metric_source(where),
                                                    {plan.range.epoch, plan.range.first}));
  for (auto& document : documents) {
    const bool known = std::ranges::any_of(plan.acting, [&](const ActingDefinition& each) {
      return each.document.kind == document.kind;
    });
    // It yields to the first control record that is left.
    if (!known) plan.acting.push_back({std::move(document), Offset(-1)});
  }
  return plan;
}

}  // namespace bytebasket::verification
