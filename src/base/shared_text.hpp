// Immutable text that several parties hold without copying it.
#pragma once

#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace bytebasket {

/// A text together with the right to it: copies share it, and it lives as long as one of them does.
/// Many texts may be parts of one block of memory, which then is kept as a whole.
class SharedText {
 public:
  SharedText() = default;
  SharedText(std::string text) {  // NOLINT(google-explicit-constructor): a text is one
    auto owned = std::make_shared<const std::string>(std::move(text));
    text_ = *owned;
    owner_ = std::move(owned);
  }
  SharedText(const char* text) : SharedText(std::string(text)) {}  // NOLINT(google-explicit-*)
  /// `part` lies in what `owner` holds.
  SharedText(std::string_view part, std::shared_ptr<const void> owner)
      : text_(part), owner_(std::move(owner)) {}

  operator std::string_view() const { return text_; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] std::string_view view() const { return text_; }
  [[nodiscard]] const char* data() const { return text_.data(); }
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] bool empty() const { return text_.empty(); }

  friend bool operator==(const SharedText& a, const SharedText& b) { return a.text_ == b.text_; }
  friend bool operator==(const SharedText& a, std::string_view b) { return a.text_ == b; }
  friend bool operator==(const SharedText& a, const std::string& b) { return a.text_ == b; }
  friend bool operator==(const SharedText& a, const char* b) { return a.text_ == b; }
  friend std::ostream& operator<<(std::ostream& out, const SharedText& text) {
    return out << text.text_;
  }

 private:
  std::string_view text_;
  std::shared_ptr<const void> owner_;
};

}  // namespace bytebasket
