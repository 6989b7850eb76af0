#include "streams/embedded/record_codec.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "base/hash.hpp"

namespace bytebasket::streams {
namespace {

constexpr std::size_t checksum_offset = 1;
constexpr std::size_t checked_offset = checksum_offset + 8;

void put_at(std::string& bytes, std::size_t offset, std::string_view field) {
  bytes.replace(offset, field.size(), field);
}

Error corrupt(Offset base, std::string_view what) {
  return {ErrorCode::corrupt, "the record batch at offset " + std::to_string(base.value()) +
                                  " is damaged: " + std::string(what)};
}

Record take_record(ByteReader& reader) {
  Record record;
  record.type = static_cast<RecordType>(reader.take_u8());
  record.received_at = timestamp_from_ms(reader.take_signed());
  record.key = reader.take_string();
  record.value = reader.take_string();
  record.detail = reader.take_string();
  return record;
}

bool is_known(RecordType type) { return type <= RecordType::dead_letter; }

}  // namespace

void append_record(std::string& out, const NewRecord& record) {
  ByteWriter writer(out);
  writer.put_u8(static_cast<std::uint8_t>(record.type));
  writer.put_signed(to_ms(record.received_at));
  writer.put_string(record.key);
  writer.put_string(record.value);
  writer.put_string(record.detail);
}

void seal_batch(std::string& bytes, const BatchHeader& header) {
  std::string fields;
  ByteWriter writer(fields);
  writer.put_u64(static_cast<std::uint64_t>(to_ms(header.append_time)));
  writer.put_u32(header.count);
  writer.put_u64(header.end_bytes);
  put_at(bytes, checked_offset, fields);

  std::string front;
  ByteWriter front_writer(front);
  front_writer.put_u8(batch_version);
  front_writer.put_u64(hash64(std::string_view(bytes).substr(checked_offset)));
  put_at(bytes, 0, front);
}

Result<BatchHeader> read_batch_header(std::string_view bytes) {
  ByteReader reader(bytes);
  const std::uint8_t version = reader.take_u8();
  reader.take_u64();
  BatchHeader header;
  header.append_time = timestamp_from_ms(static_cast<std::int64_t>(reader.take_u64()));
  header.count = reader.take_u32();
  header.end_bytes = reader.take_u64();
  if (!reader.ok()) return fail(ErrorCode::corrupt, "a record batch is cut off in its header");
  if (version != batch_version) {
    return fail(ErrorCode::corrupt, "a record batch has version " + std::to_string(version) +
                                        ", and only version " + std::to_string(batch_version) +
                                        " is known: use a newer ByteBasket");
  }
  return header;
}

Status decode_batch(std::string_view bytes, Offset base, Offset from, ReadBudget& budget,
                    std::vector<Record>& out) {
  BB_ASSIGN_OR_RETURN(const BatchHeader header, read_batch_header(bytes));
  const std::uint64_t stored = ByteReader(bytes.substr(checksum_offset)).take_u64();
  if (stored != hash64(bytes.substr(checked_offset))) return fail(corrupt(base, "wrong checksum"));

  ByteReader reader(bytes.substr(batch_header_size));
  for (std::uint32_t i = 0; i < header.count; ++i) {
    Record record = take_record(reader);
    if (!reader.ok()) return fail(corrupt(base, "a record is cut off"));
    if (!is_known(record.type)) return fail(corrupt(base, "a record has an unknown type"));
    record.offset = Offset(base.value() + i);
    if (record.offset < from) continue;
    const std::size_t size = record.key.size() + record.value.size() + record.detail.size();
    if (!out.empty() && (budget.records == 0 || size > budget.bytes)) {
      budget.spent = true;
      return ok();
    }
    record.append_time = header.append_time;
    out.push_back(record);
    budget.records -= std::min<std::size_t>(budget.records, 1);
    budget.bytes -= std::min(budget.bytes, size);
  }
  if (!reader.at_end()) return fail(corrupt(base, "bytes follow its last record"));
  return ok();
}

}  // namespace bytebasket::streams
