#include <fstream>

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "producers/import/input_file.hpp"
#include "producers/import/message_ids.hpp"
#include "producers/import/record_reader.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::producers::import_ {
namespace {

/// Gives its text in pieces of a few bytes, so that records lie across reads.
class Drip final : public ByteStream {
 public:
  Drip(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = std::min({piece_, buffer.size(), text_.size() - at_});
    text_.copy(buffer.data(), size, at_);
    at_ += size;
    return size;
  }
  [[nodiscard]] std::uint64_t file_bytes_read() const override { return at_; }

 private:
  std::string text_;
  std::size_t piece_;
  std::size_t at_ = 0;
};

struct Read {
  std::uint64_t line;
  std::vector<std::string> fields;
  bool operator==(const Read&) const = default;
};

std::vector<Read> csv(const std::string& text, std::size_t piece = 3, std::size_t max_bytes = 1000,
                      char separator = ',') {
  RecordReader reader(std::make_unique<Drip>(text, piece), RecordReader::Form::csv, separator,
                      max_bytes);
  std::vector<Read> all;
  Record record;
  while (true) {
    const auto outcome = reader.next(record);
    EXPECT_TRUE(outcome);
    if (!outcome || *outcome == RecordReader::Outcome::end) return all;
    if (*outcome == RecordReader::Outcome::too_long) {
      all.push_back({record.line, {"(too long)"}});
    } else {
      all.push_back({record.line, {record.fields.begin(), record.fields.end()}});
    }
  }
}

TEST(RecordReader, ReadsQuotesSeparatorsAndLineEndsInsideThem) {
  const std::vector<Read> expected = {
      {1, {"a", "b"}}, {2, {"1,5", "say \"hi\"\nthere"}}, {4, {"", ""}}, {6, {"last", "x"}}};
  for (const std::size_t piece : {1U, 2U, 7U, 1000U}) {
    EXPECT_EQ(csv("a,b\r\n\"1,5\",\"say \"\"hi\"\"\nthere\"\n,\n\nlast,x", piece), expected);
  }
}

TEST(RecordReader, ReadsColumnsThatAreAlignedWithSpaces) {
  EXPECT_EQ(csv(" id  date  sum \r\n 00001 19970101   1.77\n 2 19970102  11.77\n", 7, 1000, ' '),
            (std::vector<Read>{{1, {"id", "date", "sum"}},
                               {2, {"00001", "19970101", "1.77"}},
                               {3, {"2", "19970102", "11.77"}}}));
}

TEST(RecordReader, GoesOnBehindAQuoteThatIsNeverClosed) {
  std::string text = "a,b\n\"open,1\n";
  for (int i = 0; i < 50; ++i) text += "row,2\n";
  const auto read = csv(text, 64, 100);
  ASSERT_GT(read.size(), 40U);
  EXPECT_EQ(read[1], (Read{2, {"(too long)"}}));
  EXPECT_EQ(read[2], (Read{3, {"row", "2"}}));
}

TEST(RecordReader, PassesOverALineThatIsTooLongInBoundedMemory) {
  EXPECT_EQ(csv("a\n" + std::string(5'000, 'x') + "\nb\n", 16, 100),
            (std::vector<Read>{{1, {"a"}}, {2, {"(too long)"}}, {3, {"b"}}}));
  EXPECT_EQ(csv(std::string(5'000, 'x'), 16, 100), (std::vector<Read>{{1, {"(too long)"}}}));
}

std::string read_all(const std::string& path) {
  auto stream = open_input(path);
  EXPECT_TRUE(stream);
  std::string all;
  std::string buffer(1000, '\0');
  while (true) {
    const auto size = (*stream)->read(buffer);
    if (!size) return "error: " + size.error().message;
    if (*size == 0) return all;
    all += buffer.substr(0, *size);
  }
}

std::string store(const std::string& name, const std::string& bytes) {
  const std::string path = bytebasket::testing::temporary_path("reading_" + name);
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

std::string zstd_of(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));
  return packed;
}

std::string gzip_of(const std::string& text) {
  const std::string path = bytebasket::testing::temporary_path("reading_pack.gz");
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  std::ifstream packed(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(packed), {}};
}

TEST(InputFile, KnowsPackedFilesByTheirFirstBytes) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += std::to_string(i) + "\n";
  EXPECT_EQ(read_all(store("plain", text)), text);
  EXPECT_EQ(read_all(store("zstd", zstd_of(text))), text);
  EXPECT_EQ(read_all(store("gzip", gzip_of(text))), text);
  EXPECT_EQ(read_all(store("two_members", gzip_of("a") + gzip_of("b"))), "ab");
  EXPECT_EQ(read_all(store("two_frames", zstd_of("a") + zstd_of("b"))), "ab");
  EXPECT_EQ(read_all(store("empty", "")), "");
  EXPECT_EQ(read_all(store("tiny", "x")), "x");
}

TEST(InputFile, SaysThatAPackedFileIsCutOffOrBroken) {
  const std::string packed = zstd_of(std::string(10'000, 'x'));
  EXPECT_NE(read_all(store("cut", packed.substr(0, packed.size() - 4))).find("ends too early"),
            std::string::npos);
  const std::string gzipped = gzip_of(std::string(10'000, 'x'));
  EXPECT_NE(read_all(store("cut_gz", gzipped.substr(0, gzipped.size() - 4))).find("ends too early"),
            std::string::npos);
  EXPECT_NE(read_all(store("bad_gz", gzipped.substr(0, 10) + "garbage garbage")).find("broken"),
            std::string::npos);
}

TEST(InputFile, SaysWhichFileIsNotThere) {
  const auto stream = open_input("/no/such/file.csv");
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().code, ErrorCode::not_found);
  EXPECT_NE(stream.error().message.find("/no/such/file.csv"), std::string::npos);
}

TEST(MessageIds, TellEqualRowsApartAndAreTheSameEachTime) {
  MessageIds first;
  MessageIds second;
  EXPECT_EQ(first.next("a"), second.next("a"));
  const std::string again = first.next("a");
  EXPECT_EQ(again, second.next("a"));
  EXPECT_TRUE(again.ends_with("-2"));
  EXPECT_NE(first.next("b"), first.next("c"));
}

TEST(MessageIds, RememberARowForAMillionOthersAndNoLonger) {
  MessageIds ids(100);
  ids.next("a");
  for (int i = 0; i < 150; ++i) ids.next(std::to_string(i));
  EXPECT_TRUE(ids.next("a").ends_with("-2"));
  for (int i = 1000; i < 1300; ++i) ids.next(std::to_string(i));
  EXPECT_FALSE(ids.next("a").ends_with("-3"));
}

}  // namespace
}  // namespace bytebasket::producers::import_
