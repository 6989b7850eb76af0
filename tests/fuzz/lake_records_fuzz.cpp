// Puts any records into a file of the lake: they must come back byte for byte.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "lake/lake_reader.hpp"
#include "lake/lake_writer.hpp"
#include "support/in_memory_files.hpp"

namespace {

using namespace bytebasket;

constexpr streams::TopicPartition where{streams::Stream::transactions, PartitionId(0)};
constexpr Timestamp hour = timestamp_from_ms(1'795'341'600'000);
void require(bool condition) {
  if (!condition) std::abort();
}

/// The input line by line: each is the value of an event, or after a `!` of another record, with
/// the line's own bytes as key and detail too.
std::shared_ptr<const streams::RecordBatch> records_of(std::string_view input) {
  auto buffer =
      std::make_unique<std::string>(std::string(input) + std::string(streams::value_padding, '\0'));
  std::string_view rest = std::string_view(*buffer).substr(0, input.size());
  std::vector<streams::Record> records;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    streams::Record& record = records.emplace_back();
    record.offset = Offset(static_cast<std::int64_t>(records.size()) - 1);
    record.append_time = hour + Milliseconds(static_cast<std::int64_t>(line.size() / 8));
    record.received_at = record.append_time - Milliseconds(static_cast<std::int64_t>(line.size()));
    record.key = line.substr(line.size() / 2);
    record.value = line;
    if (!line.starts_with('!')) continue;
    record.type = streams::RecordType::dead_letter;
    record.detail = line.substr(1);
  }
  std::vector<std::unique_ptr<std::string>> buffers;
  buffers.push_back(std::move(buffer));
  return std::make_shared<const streams::RecordBatch>(std::move(records), std::move(buffers));
}

bool same(const streams::Record& a, const streams::Record& b) {
  return a.offset == b.offset && a.append_time == b.append_time && a.received_at == b.received_at &&
         a.type == b.type && a.key == b.key && a.value == b.value && a.detail == b.detail;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto batch = records_of({reinterpret_cast<const char*>(data), size});
  if (batch->empty()) return 0;
  testing::InMemoryFiles store;
  const auto writer = lake::LakeWriter::create(store, where, Epoch(1), {.row_group_rows = 24});
  require(writer && (*writer)->add(batch, 0, batch->size()));
  const auto file = (*writer)->publish(hour);
  require(file.has_value());
  const auto reader = lake::LakeReader::open(store, *file);
  require(reader.has_value());
  std::size_t read = 0;
  while (read < batch->size()) {
    const auto back = (*reader)->read(batch->records()[read].offset, {});
    require(back && !back->empty());
    for (const auto& record : back->records()) require(same(record, batch->records()[read++]));
  }
  return 0;
}
