// Text in the making, in memory that is used again and again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "base/time.hpp"
#include "events/canonical_time.hpp"

namespace bytebasket::events {

/// Appends pieces to a text, at the price of a comparison and a copy each. Movable; not
/// thread-safe.
class TextWriter {
 public:
  void clear() { at_ = begin_.get(); }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(at_ - begin_.get()); }
  /// Takes back what was written behind the first `size` bytes.
  void cut(std::size_t size) { at_ = begin_.get() + size; }
  /// Makes room for `most` bytes more at once.
  void reserve(std::size_t most) {
    if (static_cast<std::size_t>(end_ - at_) < most) grow(most);
  }
  /// Hands the text over, with its memory: the next one begins in memory of its own.
  std::shared_ptr<const char[]> release() {
    at_ = end_ = nullptr;
    return std::move(begin_);
  }
  [[nodiscard]] std::string_view text() const {
    return {begin_.get(), static_cast<std::size_t>(at_ - begin_.get())};
  }

  void put(char c) {
    *room(1) = c;
    ++at_;
  }
  void put(std::string_view text) {
    if (text.empty()) return;  // it may point nowhere, which memcpy does not allow
    std::memcpy(room(text.size()), text.data(), text.size());
    at_ += text.size();
  }
  /// A literal: its size is known to the compiler, which makes a few moves of it.
  template <std::size_t N>
  void put(const char (&literal)[N]) {
    std::memcpy(room(N - 1), literal, N - 1);
    at_ += N - 1;
  }

  /// As put(), of a text that `reach` readable bytes follow: short ones are copied in one step.
  static constexpr std::size_t reach = 32;
  void put_near(std::string_view text) {
    char* const to = room(text.size() + reach);
    std::memcpy(to, text.data(), reach);
    if (text.size() > reach) std::memcpy(to + reach, text.data() + reach, text.size() - reach);
    at_ += text.size();
  }

  /// `text` as a JSON string, quotes included, with no more escapes than JSON asks for.
  void put_quoted(std::string_view text);
  void put_number(std::int64_t number);
  void put_time(Timestamp time) {
    written_to(write_canonical_time(room(canonical_time_size), time));
  }

  /// A place for `most` bytes at the end, to be written by the caller; then say where that ended.
  char* room(std::size_t most) {
    reserve(most);
    return at_;
  }
  void written_to(char* end) { at_ = end; }

  /// The last byte taken back.
  void take_back() { --at_; }
  [[nodiscard]] char last() const { return at_[-1]; }

 private:
  void grow(std::size_t most);
  void put_escaped(std::string_view text);

  std::unique_ptr<char[]> begin_;
  char* at_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace bytebasket::events
