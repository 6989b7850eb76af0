// Feeds hostile bytes to the decoder of stored record batches: as they are, and with their checksum
// made right, so that what lies behind the checksum is reached too.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "streams/embedded/record_codec.hpp"

namespace {

using namespace bytebasket;
using namespace bytebasket::streams;

void require(bool condition) {
  if (!condition) std::abort();
}

void decode(std::string_view bytes, Offset from, ReadBudget budget) {
  std::vector<Record> records;
  const auto decoded = decode_batch(bytes, Offset(0), from, budget, records);
  Offset last = Offset(from.value() - 1);
  for (const Record& record : records) {
    require(record.offset == last.next());
    last = record.offset;
    require(record.value.empty() ||
            (record.value.data() >= bytes.data() &&
             record.value.data() + record.value.size() <= bytes.data() + bytes.size()));
  }
  require(decoded || decoded.error().code == ErrorCode::corrupt);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string bytes(data, data + size);
  decode(bytes, Offset(0), {});
  if (const auto header = read_batch_header(bytes)) {
    seal_batch(bytes, *header);
    decode(bytes, Offset(0), {});
    decode(bytes, Offset(3), {.records = 2, .bytes = 100});
  }
  return 0;
}
