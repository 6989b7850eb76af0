// Does a text say what would be written? Asked piece by piece, with the calls of a TextWriter, and
// without writing it.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/time.hpp"
#include "events/canonical_time.hpp"
#include "events/text_writer.hpp"

namespace bytebasket::events {

/// Walks along a text as long as it is what is put. Made for texts of which the pieces were read:
/// a piece that is a view to the very place where it should stand needs no look at its bytes.
class TextMatcher {
 public:
  /// `scratch` is memory for what must be written to be compared.
  TextMatcher(std::string_view text, TextWriter& scratch)
      : begin_(text.data()), at_(text.data()), end_(text.data() + text.size()), scratch_(scratch) {}

  [[nodiscard]] bool matches() const { return matches_; }
  /// Where the next piece should stand.
  [[nodiscard]] std::size_t position() const { return static_cast<std::size_t>(at_ - begin_); }

  void put(char c) { take({&c, 1}); }
  void put(std::string_view piece) { take(piece); }
  template <std::size_t N>
  void put(const char (&literal)[N]) {
    take({literal, N - 1});
  }
  void put_time(Timestamp time) {
    char written[canonical_time_size];
    write_canonical_time(written, time);
    take({written, canonical_time_size});
  }

  /// As JSON. A view to the inside of a string here, quotes around it, was read from one without
  /// escapes, and needs none.
  void put_quoted(std::string_view piece) {
    const std::size_t size = piece.size() + 2;
    if (matches_ && piece.data() == at_ + 1 && left() >= size && at_[0] == '"' &&
        at_[size - 1] == '"') {
      at_ += size;
      return;
    }
    scratch_.clear();
    scratch_.put_quoted(piece);
    take(scratch_.text());
  }

 private:
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  void take(std::string_view piece) {
    if (piece.empty()) return;
    matches_ =
        matches_ && left() >= piece.size() && std::memcmp(at_, piece.data(), piece.size()) == 0;
    if (matches_) at_ += piece.size();
  }

  const char* const begin_;
  const char* at_;
  const char* const end_;
  TextWriter& scratch_;
  bool matches_ = true;
};

}  // namespace bytebasket::events
