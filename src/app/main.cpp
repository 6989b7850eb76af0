#include "app/commands/command.hpp"

int main(int argc, char** argv) { return bytebasket::app::run_command_line(argc, argv); }
