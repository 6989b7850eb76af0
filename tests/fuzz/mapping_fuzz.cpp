// Feeds hostile bytes to what reads a mapping file and, where it is a right one, to what reads rows
// by it: the input up to the first zero byte is the mapping, the rest is the file.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "producers/import/mapping.hpp"
#include "producers/import/mapping_translator.hpp"
#include "producers/import/record_reader.hpp"

namespace {

using namespace bytebasket;
using namespace bytebasket::producers::import_;

void require(bool condition) {
  if (!condition) std::abort();
}

class Text final : public ByteStream {
 public:
  explicit Text(std::string_view text) : rest_(text) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = rest_.copy(buffer.data(), buffer.size());
    rest_.remove_prefix(size);
    return size;
  }
  [[nodiscard]] std::uint64_t file_bytes_read() const override { return 0; }

 private:
  std::string_view rest_;
};

void read_rows(Mapping mapping, std::string_view text) {
  const auto translator = make_mapping_translator(std::move(mapping));
  RecordReader reader(std::make_unique<Text>(text), translator->form(), translator->separator(),
                      4096);
  Record record;
  if (translator->has_header()) {
    const auto header = reader.next(record);
    if (*header != RecordReader::Outcome::record || !translator->begin(record.fields)) return;
  } else if (!translator->begin({})) {
    return;
  }
  Translated translated;
  while (true) {
    const auto outcome = reader.next(record);
    if (*outcome == RecordReader::Outcome::end) break;
    if (*outcome == RecordReader::Outcome::record) translator->translate(record, translated);
  }
  translator->end(translated);
  for (const Draft& draft : translated.drafts)
    require(draft.json.starts_with('{') && draft.json.ends_with('}'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(data, data + size);
  const std::size_t zero = input.find('\0');
  auto mapping = parse_mapping(std::string_view(input).substr(0, zero), "fuzz.yml");
  if (!mapping) {
    require(mapping.error().message.starts_with("fuzz.yml:"));
    return 0;
  }
  if (zero != std::string::npos)
    read_rows(*std::move(mapping), std::string_view(input).substr(zero + 1));
  return 0;
}
