#include "processors/job_state.hpp"

#include "base/bytes.hpp"

namespace bytebasket::processors {
namespace {

constexpr std::uint8_t format_version = 1;

constexpr std::string_view job = "process";

storage::RowKey state_key(streams::TopicPartition where) {
  schema::JobStateKey key;
  key.job = job;
  key.stream = streams::name_of(where.stream);
  key.source_partition = where.partition.value();
  return storage::RowKey::of(key);
}

storage::RowKey intent_key(streams::TopicPartition where) {
  schema::FlushIntentsKey key;
  key.stream = streams::name_of(where.stream);
  key.source_partition = where.partition.value();
  key.job = job;
  return storage::RowKey::of(key);
}

void put_position(ByteWriter& out, Position position) {
  out.put_signed(position.epoch.value());
  out.put_signed(position.offset.value());
}

Position take_position(ByteReader& in) {
  const auto epoch = static_cast<std::int32_t>(in.take_signed());
  return {Epoch(epoch), Offset(in.take_signed())};
}

std::string encode(const FlushIntent& intent) {
  std::string bytes;
  ByteWriter out(bytes);
  out.put_u8(format_version);
  out.put_signed(intent.generation);
  put_position(out, intent.upto);
  return bytes;
}

Error broken(streams::TopicPartition where) {
  return {ErrorCode::corrupt,
          "the job state of " + streams::to_string(where) + " is stored as broken bytes"};
}

Result<FlushIntent> decode_intent(std::string_view bytes, streams::TopicPartition where) {
  ByteReader in(bytes);
  const std::uint8_t version = in.take_u8();
  FlushIntent intent;
  intent.generation = in.take_signed();
  intent.upto = take_position(in);
  if (!in.ok() || version != format_version) return fail(broken(where));
  return intent;
}

}  // namespace

storage::Mutation JobState::row(streams::TopicPartition where) const {
  std::string bytes;
  ByteWriter out(bytes);
  out.put_u8(format_version);
  put_position(out, applied);
  out.put_varint(definitions.size());
  for (const auto& [kind, hash] : definitions) {
    out.put_string(kind);
    out.put_string(hash);
  }
  return {state_key(where), std::move(bytes), applied, std::nullopt};
}

Result<std::optional<JobState>> JobState::load(storage::TableStore& tables,
                                               streams::TopicPartition where) {
  BB_ASSIGN_OR_RETURN(const auto row, storage::get_one_now(tables, state_key(where)));
  if (!row) return std::nullopt;
  ByteReader in(row->value);
  const std::uint8_t version = in.take_u8();
  JobState state;
  state.applied = take_position(in);
  for (std::uint64_t left = in.take_varint(); left > 0 && in.ok(); --left) {
    std::string kind(in.take_string());
    state.definitions[std::move(kind)] = in.take_string();
  }
  if (!in.ok() || !in.at_end() || version != format_version) return fail(broken(where));
  return state;
}

Result<std::optional<FlushIntent>> FlushIntent::load(storage::TableStore& tables,
                                                     streams::TopicPartition where) {
  BB_ASSIGN_OR_RETURN(const auto row, storage::get_one_now(tables, intent_key(where)));
  if (!row) return std::nullopt;
  BB_ASSIGN_OR_RETURN(const FlushIntent intent, decode_intent(row->value, where));
  return intent;
}

Result<IntentGuard> IntentGuard::take_over(storage::TableStore& tables,
                                           streams::TopicPartition where) {
  IntentGuard guard(tables, where);
  BB_ASSIGN_OR_RETURN(auto row, storage::get_one_now(tables, intent_key(where)));
  if (row) {
    guard.stored_ = std::move(row->value);
    BB_ASSIGN_OR_RETURN(guard.found_, decode_intent(*guard.stored_, where));
  }
  guard.generation_ = guard.found_.generation + 1;
  BB_RETURN_IF_ERROR(guard.swap({guard.generation_, guard.found_.upto}));
  return guard;
}

Status IntentGuard::announce(Position upto) { return swap({generation_, upto}); }

Status IntentGuard::swap(const FlushIntent& next) {
  std::string bytes = encode(next);
  BB_ASSIGN_OR_RETURN(const bool swapped,
                      storage::compare_and_set_now(*tables_, intent_key(where_), stored_, bytes));
  if (!swapped) {
    return fail(ErrorCode::conflict,
                "another process has taken over " + streams::to_string(where_));
  }
  stored_ = std::move(bytes);
  return ok();
}

}  // namespace bytebasket::processors
