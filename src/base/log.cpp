#include "base/log.hpp"

#include <memory>
#include <string>
#include <string_view>

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/printable.hpp"

namespace bytebasket {
namespace {

/// The message as the inside of a JSON string: what comes from outside cannot end the string or the
/// line.
class JsonMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    for (const char c : std::string_view(message.payload.data(), message.payload.size()))
      append(out, c);
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<JsonMessage>();
  }

 private:
  static void append(spdlog::memory_buf_t& out, char c) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto put = [&out](std::string_view text) {
      out.append(text.data(), text.data() + text.size());
    };
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (c == '\n') {
      put("\\n");
    } else if (static_cast<unsigned char>(c) < 0x20) {
      put("\\u00");
      out.push_back(hex[static_cast<unsigned char>(c) >> 4]);
      out.push_back(hex[static_cast<unsigned char>(c) & 0xF]);
    } else {
      out.push_back(c);
    }
  }
};

/// The message as one line that steers no terminal, whoever's words are in it.
class PlainMessage final : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    const std::string text =
        printable(std::string_view(message.payload.data(), message.payload.size()));
    out.append(text.data(), text.data() + text.size());
  }
  [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<PlainMessage>();
  }
};

std::unique_ptr<spdlog::formatter> text_formatter() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<PlainMessage>('*');
  formatter->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%-5l%$ %*");
  return formatter;
}

std::unique_ptr<spdlog::formatter> json_formatter() {
  auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
  formatter->add_flag<JsonMessage>('*');
  formatter->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l","message":"%*"})");
  return formatter;
}

}  // namespace

void configure_logging(spdlog::level::level_enum level, LogFormat format, bool colour) {
  auto logger =
      colour ? spdlog::stderr_color_mt("bytebasket") : spdlog::stderr_logger_mt("bytebasket");
  logger->set_level(level);
  logger->set_formatter(format == LogFormat::json ? json_formatter() : text_formatter());
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace bytebasket
