#include "producers/import/input_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

#include <zlib.h>
#include <zstd.h>

#include "base/errno_message.hpp"

namespace bytebasket::producers::import_ {

namespace {

constexpr std::size_t chunk_bytes = 256 * 1024;

/// The file's own bytes, with a look ahead at the first ones.
class File {
 public:
  static Result<File> open(const std::string& path) {
    if (path == "-") return File(stdin, "standard input");
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
      return fail(ErrorCode::invalid_argument, path + " is a folder: name the files in it");
    }
    std::FILE* file = std::fopen(path.c_str(), "rb");
    if (file == nullptr) {
      const ErrorCode code = errno == ENOENT ? ErrorCode::not_found : ErrorCode::permission_denied;
      return fail(code, "cannot read " + path + ": " + errno_message(errno));
    }
    return File(file, path);
  }

  Result<std::size_t> read(std::span<char> buffer) {
    const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), file_.get());
    if (size < buffer.size() && std::ferror(file_.get()) != 0) {
      return fail(ErrorCode::unavailable, "cannot read " + name_ + ": " + errno_message(errno));
    }
    read_ += size;
    return size;
  }

  [[nodiscard]] std::uint64_t bytes_read() const { return read_; }
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  struct Close {
    void operator()(std::FILE* file) const {
      if (file != stdin) std::fclose(file);
    }
  };
  File(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {}

  std::unique_ptr<std::FILE, Close> file_;
  std::string name_;
  std::uint64_t read_ = 0;
};

/// What all packed forms share: a buffer of packed bytes, begun with those that told the form.
class PackedStream : public ByteStream {
 public:
  PackedStream(File file, std::vector<char> first)
      : file_(std::move(file)), packed_(std::move(first)) {}
  [[nodiscard]] std::uint64_t file_bytes_read() const override { return file_.bytes_read(); }

 protected:
  [[nodiscard]] std::span<char> rest() { return std::span(packed_).subspan(used_); }
  void use(std::size_t bytes) { used_ += bytes; }
  /// Reads on when everything is used; false at the end of the file.
  Result<bool> refill() {
    if (used_ < packed_.size()) return true;
    packed_.resize(chunk_bytes);
    used_ = 0;
    BB_ASSIGN_OR_RETURN(const std::size_t size, file_.read(packed_));
    packed_.resize(size);
    return size != 0;
  }
  [[nodiscard]] tl::unexpected<Error> broken(const char* what) const {
    return fail(ErrorCode::corrupt, file_.name() + ": " + what);
  }

 private:
  File file_;
  std::vector<char> packed_;
  std::size_t used_ = 0;
};

class PlainStream final : public PackedStream {
 public:
  using PackedStream::PackedStream;
  Result<std::size_t> read(std::span<char> buffer) override {
    BB_ASSIGN_OR_RETURN(const bool more, refill());
    if (!more) return std::size_t{0};
    const std::size_t size = std::min(buffer.size(), rest().size());
    std::memcpy(buffer.data(), rest().data(), size);
    use(size);
    return size;
  }
};

class GzipStream final : public PackedStream {
 public:
  GzipStream(File file, std::vector<char> first) : PackedStream(std::move(file), std::move(first)) {
    constexpr int gzip_window = 15 + 16;
    ready_ = inflateInit2(&stream_, gzip_window) == Z_OK;
  }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;
  ~GzipStream() override { inflateEnd(&stream_); }

  Result<std::size_t> read(std::span<char> buffer) override {
    if (!ready_) return fail(ErrorCode::resource_exhausted, "no memory to unpack gzip");
    stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_.avail_out = static_cast<uInt>(buffer.size());
    while (stream_.avail_out == buffer.size()) {
      BB_ASSIGN_OR_RETURN(const bool more, refill());
      if (!more) {
        if (inside_) return broken("the gzip data ends too early");
        return std::size_t{0};
      }
      if (!inside_) inflateReset(&stream_);  // several gzip members may follow each other
      inside_ = true;
      stream_.next_in = reinterpret_cast<Bytef*>(rest().data());
      stream_.avail_in = static_cast<uInt>(rest().size());
      const int result = inflate(&stream_, Z_NO_FLUSH);
      use(rest().size() - stream_.avail_in);
      if (result == Z_STREAM_END) inside_ = false;
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
        return broken("the gzip data is broken");
    }
    return buffer.size() - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
  bool inside_ = false;
};

class ZstdStream final : public PackedStream {
 public:
  ZstdStream(File file, std::vector<char> first)
      : PackedStream(std::move(file), std::move(first)), stream_(ZSTD_createDStream()) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    if (!stream_) return fail(ErrorCode::resource_exhausted, "no memory to unpack Zstandard");
    ZSTD_outBuffer out{buffer.data(), buffer.size(), 0};
    while (out.pos == 0) {
      BB_ASSIGN_OR_RETURN(const bool more, refill());
      if (!more) {
        if (!at_frame_end_) return broken("the Zstandard data ends too early");
        return std::size_t{0};
      }
      ZSTD_inBuffer in{rest().data(), rest().size(), 0};
      const std::size_t result = ZSTD_decompressStream(stream_.get(), &out, &in);
      if (ZSTD_isError(result) != 0) return broken(ZSTD_getErrorName(result));
      use(in.pos);
      at_frame_end_ = result == 0;
    }
    return out.pos;
  }

 private:
  struct Free {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
  };
  std::unique_ptr<ZSTD_DStream, Free> stream_;
  bool at_frame_end_ = true;
};

bool begins_with(const std::vector<char>& bytes, std::string_view magic) {
  return std::string_view(bytes.data(), bytes.size()).starts_with(magic);
}

}  // namespace

Result<std::unique_ptr<ByteStream>> open_input(const std::string& path) {
  BB_ASSIGN_OR_RETURN(File file, File::open(path));
  std::vector<char> first(4);
  BB_ASSIGN_OR_RETURN(const std::size_t size, file.read(first));
  first.resize(size);
  std::unique_ptr<ByteStream> stream;
  if (begins_with(first, "\x1F\x8B")) {
    stream = std::make_unique<GzipStream>(std::move(file), std::move(first));
  } else if (begins_with(first, "\x28\xB5\x2F\xFD")) {
    stream = std::make_unique<ZstdStream>(std::move(file), std::move(first));
  } else {
    stream = std::make_unique<PlainStream>(std::move(file), std::move(first));
  }
  return stream;
}

std::uint64_t input_size(const std::string& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

}  // namespace bytebasket::producers::import_
