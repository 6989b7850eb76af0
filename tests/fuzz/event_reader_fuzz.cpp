// Any bytes as a record of the log: the reader says what is wrong or reads it, and looks no further
// than its padding.
#include <memory>
#include <string_view>

#include "events/event_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  using bytebasket::events::EventReader;
  // On the heap, so that a byte read beyond the padding is seen by AddressSanitizer.
  constexpr std::size_t padding = 64;
  const std::unique_ptr<char[]> bytes(new char[size + padding]);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(data[i]);
  for (std::size_t i = size; i < size + padding; ++i)
    bytes[i] = static_cast<char>(i % 2 == 0 ? '"' : '\\');
  const std::string_view json(bytes.get(), size);
  EventReader reader;
  const auto peek = EventReader::peek(json);
  const auto event = reader.read(json);
  if (event && peek &&
      (peek->type != event->type && event->type != bytebasket::events::CallType::track))
    return 0;
  reader.clear();
  return 0;
}
