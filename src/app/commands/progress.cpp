#include "app/commands/progress.hpp"

#include <cstdio>

#include <unistd.h>

#include "app/commands/command.hpp"

namespace bytebasket::app {

ProgressLine::ProgressLine() : terminal_(is_terminal(STDERR_FILENO)) {}

ProgressLine::~ProgressLine() {
  if (shown_) std::fputs("\r\x1b[K", stderr);
}

void ProgressLine::show(std::string_view text) {
  if (!terminal_) return;
  shown_ = true;
  std::fprintf(stderr, "\r\x1b[K%.*s", static_cast<int>(text.size()), text.data());
  std::fflush(stderr);
}

}  // namespace bytebasket::app
