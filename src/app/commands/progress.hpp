// A line of progress on standard error, only where that is a terminal.
#pragma once

#include <string_view>

namespace bytebasket::app {

/// Overwrites itself; the destructor clears it. Quiet where standard error is no terminal.
class ProgressLine {
 public:
  ProgressLine();
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::string_view text);

 private:
  const bool terminal_;
  bool shown_ = false;
};

}  // namespace bytebasket::app
