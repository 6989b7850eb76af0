#include <cerrno>
#include <cstdio>
#include <memory>

#include "base/errno_message.hpp"
#include "producers/shop/generate.hpp"

namespace bytebasket::producers::shop {

namespace {

constexpr std::size_t buffer_bytes = 1 << 20;

class OutputFile {
 public:
  static Result<OutputFile> open(const std::string& path) {
    if (path == "-") return OutputFile(stdout, "standard output");
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) {
      return fail(ErrorCode::invalid_argument,
                  "cannot write " + path + ": " + errno_message(errno));
    }
    return OutputFile(file, path);
  }

  Status write(const std::string& bytes) {
    if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) return broken();
    return ok();
  }

  Status finish() {
    if (std::fflush(file_.get()) != 0) return broken();
    return ok();
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const {
      if (file != stdout) std::fclose(file);
    }
  };
  OutputFile(std::FILE* file, std::string name) : file_(file), name_(std::move(name)) {}

  Status broken() const {
    const ErrorCode code = errno == ENOSPC ? ErrorCode::resource_exhausted : ErrorCode::unavailable;
    return fail(code, "cannot write to " + name_ + ": " + errno_message(errno));
  }

  std::unique_ptr<std::FILE, Close> file_;
  std::string name_;
};

}  // namespace

Result<GenerateReport> generate_to_file(Shop& shop, std::uint64_t events, const std::string& path,
                                        const OnGenerateProgress& on_progress) {
  BB_ASSIGN_OR_RETURN(OutputFile file, OutputFile::open(path));
  GenerateReport report;
  std::string buffer;
  buffer.reserve(buffer_bytes + 16'384);
  SentEvent event;
  while (report.events < events) {
    shop.next(event);
    buffer += event.json;
    buffer += '\n';
    ++report.events;
    if (buffer.size() < buffer_bytes) continue;
    BB_RETURN_IF_ERROR(file.write(buffer));
    report.bytes += buffer.size();
    buffer.clear();
    if (on_progress) on_progress({report.events, report.events, event.sent_at});
  }
  BB_RETURN_IF_ERROR(file.write(buffer));
  report.bytes += buffer.size();
  BB_RETURN_IF_ERROR(file.finish());
  if (on_progress) on_progress({report.events, report.events, event.sent_at});
  return report;
}

}  // namespace bytebasket::producers::shop
