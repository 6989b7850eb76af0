#include "app/commands/command.hpp"
#include "base/memory.hpp"

int main(int argc, char** argv) {
  bytebasket::keep_freed_memory();
  return bytebasket::app::run_command_line(argc, argv);
}
