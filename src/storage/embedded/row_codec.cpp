#include "storage/embedded/row_codec.hpp"

#include "base/bytes.hpp"

namespace bytebasket::storage {

std::string row_key(TableId table, std::string_view partition, std::string_view clustering) {
  std::string key;
  key.reserve(1 + partition.size() + clustering.size());
  append_row_key(key, table, partition, clustering);
  return key;
}

void append_row_key(std::string& out, TableId table, std::string_view partition,
                    std::string_view clustering) {
  out.push_back(static_cast<char>(table));
  out.append(partition);
  out.append(clustering);
}

std::string end_of_prefix(std::string prefix) {
  while (!prefix.empty() && prefix.back() == '\xFF') prefix.pop_back();
  if (!prefix.empty()) ++prefix.back();
  return prefix;
}

std::string encode_row_head(Position position, std::optional<Timestamp> expires_at) {
  std::string head;  // nearly always short enough to need no memory of its own
  ByteWriter writer(head);
  writer.put_signed(position.epoch.value());
  writer.put_signed(position.offset.value());
  writer.put_varint(expires_at ? static_cast<std::uint64_t>(to_ms(*expires_at)) + 1 : 0);
  return head;
}

std::optional<RowValue> decode_row(std::string_view stored) {
  ByteReader reader(stored);
  RowValue row;
  row.position.epoch = Epoch(static_cast<std::int32_t>(reader.take_signed()));
  row.position.offset = Offset(reader.take_signed());
  const std::uint64_t expiry = reader.take_varint();
  if (!reader.ok()) return std::nullopt;
  if (expiry != 0) row.expires_at = timestamp_from_ms(static_cast<std::int64_t>(expiry - 1));
  row.bytes = reader.take_raw(reader.remaining());
  return row;
}

}  // namespace bytebasket::storage
