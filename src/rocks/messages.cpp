#include "rocks/messages.hpp"

#include <cstdarg>
#include <cstdio>

#include <rocksdb/env.h>

#include "base/log.hpp"

namespace bytebasket::rocks {
namespace {

class MessagesToLog final : public rocksdb::Logger {
 public:
  MessagesToLog() : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {}

  using rocksdb::Logger::Logv;

  void Logv(const rocksdb::InfoLogLevel level, const char* format, va_list arguments) override {
    if (level < GetInfoLogLevel() || level == rocksdb::InfoLogLevel::HEADER_LEVEL) return;
    char message[1024];
    std::vsnprintf(message, sizeof message, format, arguments);
    if (level >= rocksdb::InfoLogLevel::ERROR_LEVEL) {
      spdlog::warn("RocksDB: {}", message);
    } else {
      spdlog::debug("RocksDB: {}", message);
    }
  }

  void Logv(const char* format, va_list arguments) override {
    Logv(rocksdb::InfoLogLevel::INFO_LEVEL, format, arguments);
  }
};

}  // namespace

std::shared_ptr<rocksdb::Logger> messages_to_log() { return std::make_shared<MessagesToLog>(); }

}  // namespace bytebasket::rocks
