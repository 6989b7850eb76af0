#include "processors/definitions.hpp"

#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/hash.hpp"

namespace bytebasket::processors {
namespace {

constexpr std::uint8_t format_version = 1;

storage::RowKey row_key(std::string_view kind, std::string_view hash, std::int32_t source) {
  schema::DefinitionsKey key;
  key.kind = kind;
  key.name = hash;
  key.source = source;
  return storage::RowKey::of(key);
}

}  // namespace

DefinitionDocument DefinitionDocument::of(std::string kind, std::string text) {
  std::string hash = to_hex(hash64(text));
  return {std::move(kind), std::move(text), std::move(hash)};
}

std::string to_control_record(const DefinitionDocument& document) {
  const nlohmann::ordered_json json = {{"type", "control"},
                                       {"kind", document.kind},
                                       {"hash", document.hash},
                                       {"document", document.text}};
  return json.dump();
}

Result<DefinitionDocument> from_control_record(std::string_view json) {
  const auto parsed = nlohmann::json::parse(json, nullptr, false);
  if (!parsed.is_object() || !parsed.value("kind", nlohmann::json()).is_string() ||
      !parsed.value("document", nlohmann::json()).is_string()) {
    return fail(ErrorCode::corrupt,
                "a control record is not a JSON object with `kind` and `document`");
  }
  return DefinitionDocument::of(parsed["kind"].get<std::string>(),
                                parsed["document"].get<std::string>());
}

streams::NewRecord control_record(const DefinitionDocument& document,
                                  streams::TopicPartition where) {
  return {.stream = where.stream,
          .value = to_control_record(document),
          .type = streams::RecordType::control,
          .partition = where.partition};
}

Status announce_in_new_partitions(streams::EventLog& log,
                                  const std::vector<DefinitionDocument>& documents) {
  std::vector<streams::NewRecord> records;
  for (const auto stream : {streams::Stream::user_activity, streams::Stream::transactions}) {
    for (std::int32_t partition = 0; partition < log.partitions(stream); ++partition) {
      const streams::TopicPartition where{stream, PartitionId(partition)};
      BB_ASSIGN_OR_RETURN(const streams::LogRange range, log.range(where));
      if (range.end > Offset(0)) continue;
      for (const auto& document : documents) records.push_back(control_record(document, where));
    }
  }
  if (records.empty()) return ok();
  auto appended = streams::append_and_wait(log, std::move(records));
  return appended ? ok() : fail(std::move(appended).error());
}

storage::Mutation definition_row(const DefinitionDocument& document, std::int32_t source,
                                 Position since) {
  std::string bytes;
  ByteWriter out(bytes);
  out.put_u8(format_version);
  out.put_signed(since.epoch.value());
  out.put_signed(since.offset.value());
  out.put_string(document.text);
  return {row_key(document.kind, document.hash, source), std::move(bytes), since, std::nullopt};
}

Result<StoredDefinition> read_definition(std::string_view kind, std::string_view row) {
  ByteReader in(row);
  const std::uint8_t version = in.take_u8();
  const auto epoch = static_cast<Epoch::rep>(in.take_signed());
  const Position since{Epoch(epoch), Offset(in.take_signed())};
  const std::string_view text = in.take_string();
  if (!in.ok() || version != format_version) {
    return fail(ErrorCode::corrupt,
                "definitions of " + std::string(kind) + " are stored as broken bytes");
  }
  return StoredDefinition{DefinitionDocument::of(std::string(kind), std::string(text)), since};
}

Result<DefinitionDocument> load_definition(storage::TableStore& tables, std::string_view kind,
                                           std::string_view hash, std::int32_t source) {
  BB_ASSIGN_OR_RETURN(const auto row, storage::get_one_now(tables, row_key(kind, hash, source)));
  if (!row) {
    return fail(ErrorCode::corrupt, "the definitions of " + std::string(kind) + " with hash " +
                                        std::string(hash) +
                                        " act, but their document is not stored");
  }
  BB_ASSIGN_OR_RETURN(auto stored, read_definition(kind, row->value));
  return std::move(stored.document);
}

}  // namespace bytebasket::processors
