#include "app/engines/keyspace_generations.hpp"

#include <charconv>

#include "base/bytes.hpp"

namespace bytebasket::app {
namespace {

constexpr std::uint8_t format_version = 1;

storage::RowKey row_key() {
  schema::FlushIntentsKey key;
  key.stream = "tables";
  key.source_partition = 0;
  key.job = "rebuild";
  return storage::RowKey::of(key);
}

std::string encode(const KeyspaceGenerations& generations) {
  std::string bytes;
  ByteWriter out(bytes);
  out.put_u8(format_version);
  out.put_string(generations.current);
  out.put_string(generations.next.value_or(""));
  return bytes;
}

Result<std::optional<std::string>> stored(storage::TableStore& configured) {
  BB_ASSIGN_OR_RETURN(const auto row, storage::get_one_now(configured, row_key()));
  if (!row) return std::nullopt;
  return row->value;
}

}  // namespace

Result<KeyspaceGenerations> load_generations(storage::TableStore& configured,
                                             const std::string& name) {
  BB_ASSIGN_OR_RETURN(const auto bytes, stored(configured));
  if (!bytes) return KeyspaceGenerations{.current = name, .next = {}};
  ByteReader in(*bytes);
  const std::uint8_t version = in.take_u8();
  KeyspaceGenerations generations;
  generations.current = in.take_string();
  if (const auto next = in.take_string(); !next.empty()) generations.next = next;
  if (in.ok() && in.at_end() && version == format_version) return generations;
  return fail(ErrorCode::corrupt,
              "keyspace " + name +
                  " says in broken bytes which keyspace holds the tables that a "
                  "rebuild made");
}

Result<bool> replace_generations(storage::TableStore& configured, const std::string& name,
                                 const KeyspaceGenerations& expected,
                                 const KeyspaceGenerations& generations) {
  BB_ASSIGN_OR_RETURN(const auto before, stored(configured));
  BB_ASSIGN_OR_RETURN(const auto present, load_generations(configured, name));
  if (present != expected) return false;
  return storage::compare_and_set_now(configured, row_key(), before, encode(generations));
}

std::string keyspace_after(const std::string& keyspace) {
  const std::size_t mark = keyspace.rfind('_');
  if (mark == std::string::npos) return keyspace + "_2";
  int number = 0;
  const char* const end = keyspace.data() + keyspace.size();
  const auto [read, error] = std::from_chars(keyspace.data() + mark + 1, end, number);
  if (error != std::errc() || read != end || number < 2) return keyspace + "_2";
  return keyspace.substr(0, mark + 1) + std::to_string(number + 1);
}

}  // namespace bytebasket::app
