#include <gtest/gtest.h>
#include <zlib.h>

#include "http/server.hpp"

namespace bytebasket::http {
namespace {

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())) + 32, '\0');
  std::string in(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

TEST(Decompress, PassesPlainBytesThrough) {
  EXPECT_EQ(*decompress("{}", 2), "{}");
  EXPECT_EQ(decompress("{} ", 2).error().code, ErrorCode::resource_exhausted);
}

TEST(Decompress, UndoesGzipOfOneOrSeveralMembers) {
  for (const std::size_t size : {0UL, 1UL, 5000UL, 100'000UL}) {
    const std::string text(size, 'x');
    EXPECT_EQ(*decompress(gzip(text), size), text) << size;
  }
  EXPECT_EQ(*decompress(gzip("ab") + gzip("cd"), 10), "abcd");
}

TEST(Decompress, StopsABombAtTheLimit) {
  const std::string bomb = gzip(std::string(10 << 20, '\0'));
  EXPECT_LT(bomb.size(), 11'000U);
  EXPECT_EQ(decompress(bomb, 1 << 20).error().code, ErrorCode::resource_exhausted);
}

TEST(Decompress, SpendsNothingOnMembersThatGiveNothing) {
  const std::size_t size = 64 << 20;
  std::string body = gzip(std::string(size, 'x'));
  const std::string nothing = gzip("");
  for (int i = 0; i < 200'000; ++i) body += nothing;
  // Writing to all the room that is left once for each of them would take minutes.
  EXPECT_EQ(decompress(body, 2 * size)->size(), size);
}

TEST(Decompress, RefusesBrokenGzip) {
  const std::string whole = gzip("hello hello hello hello");
  for (std::size_t size = 2; size < whole.size(); ++size) {
    const auto result = decompress(whole.substr(0, size), 1000);
    ASSERT_FALSE(result) << size;
    EXPECT_EQ(result.error().code, ErrorCode::invalid_argument);
  }
  EXPECT_FALSE(decompress(whole + "rest", 1000));
}

}  // namespace
}  // namespace bytebasket::http
