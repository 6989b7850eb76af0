// Feeds hostile bytes to the lake's reader as a file of ten records: it gives records or an error
// that names the file.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "lake/lake_reader.hpp"
#include "support/in_memory_files.hpp"

namespace {

using namespace bytebasket;

void require(bool condition) {
  if (!condition) std::abort();
}

const lake::LakeFile named{.stream = streams::Stream::transactions,
                           .hour = timestamp_from_ms(1'795'341'600'000),
                           .epoch = Epoch(1),
                           .partition = PartitionId(0),
                           .first = Offset(0),
                           .last = Offset(9)};

void require_said(const Error& error) {
  require(error.message.find(named.path()) != std::string::npos);
}

/// As whoever reads a log does: on from the last record, until the last one that the name promises.
void read_on(lake::LakeReader& reader) {
  for (Offset next = named.first; next <= named.last;) {
    const auto batch = reader.read(next, {.max_records = 3});
    if (!batch) return require_said(batch.error());
    require(!batch->empty());
    for (const auto& record : batch->records()) {
      require(record.offset >= next);
      next = record.offset;
    }
    next = next.next();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  testing::InMemoryFiles store;
  require(storage::publish_file(store, named.path(), {reinterpret_cast<const char*>(data), size})
              .has_value());
  const auto reader = lake::LakeReader::open(store, named);
  if (reader) {
    read_on(**reader);
  } else {
    require_said(reader.error());
  }
  return 0;
}
