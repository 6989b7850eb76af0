#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/commands/command.hpp"

namespace bytebasket::app {
namespace {

std::string words(const std::vector<std::string>& all) {
  std::string joined;
  for (const std::string& word : all) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

/// Every command with its flags, read off the command line's own declaration.
std::map<std::string, std::vector<std::string>> flags_by_command(const CLI::App& app) {
  std::map<std::string, std::vector<std::string>> flags;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    auto& of_command = flags[command->get_name()];
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) of_command.push_back("--" + name);
    }
    for (const CLI::App* nested : command->get_subcommands([](const CLI::App*) { return true; })) {
      of_command.push_back(nested->get_name());
    }
  }
  return flags;
}

std::vector<std::string> names_of(const std::map<std::string, std::vector<std::string>>& flags) {
  std::vector<std::string> names;
  names.reserve(flags.size());
  for (const auto& [name, unused] : flags) names.push_back(name);
  return names;
}

void print_bash(const std::map<std::string, std::vector<std::string>>& flags, std::ostream& out) {
  out << "_bytebasket() {\n  local word=\"${COMP_WORDS[COMP_CWORD]}\" choices\n  case "
         "\"${COMP_WORDS[1]}\" in\n";
  for (const auto& [name, of_command] : flags)
    out << "    " << name << ") choices=\"" << words(of_command) << "\" ;;\n";
  out << "    *) choices=\"" << words(names_of(flags)) << "\" ;;\n  esac\n"
      << "  if [[ $COMP_CWORD -eq 1 ]]; then choices=\"" << words(names_of(flags)) << "\"; fi\n"
      << "  COMPREPLY=($(compgen -W \"$choices\" -f -- \"$word\"))\n}\ncomplete -o filenames -F "
         "_bytebasket bytebasket\n";
}

void print_zsh(const std::map<std::string, std::vector<std::string>>& flags, std::ostream& out) {
  out << "#compdef bytebasket\nautoload -U +X bashcompinit && bashcompinit\n";
  print_bash(flags, out);
}

void print_fish(const std::map<std::string, std::vector<std::string>>& flags, std::ostream& out) {
  out << "complete -c bytebasket -n __fish_use_subcommand -f -a '" << words(names_of(flags))
      << "'\n";
  for (const auto& [name, of_command] : flags) {
    for (const std::string& flag : of_command) {
      const bool is_flag = flag.starts_with("--");
      out << "complete -c bytebasket -n '__fish_seen_subcommand_from " << name << "' "
          << (is_flag ? "-l " + flag.substr(2) : "-f -a " + flag) << '\n';
    }
  }
}

}  // namespace

void add_completions(CLI::App& app, CommandContext&) {
  auto* command = app.add_subcommand("completions",
                                     "Print completions for a shell, to be sourced or installed");
  auto* shell = command->add_option("shell", "bash, zsh or fish")->required();
  shell->check(CLI::IsMember({"bash", "zsh", "fish"}).description(""));
  command->callback([&app, shell] {
    const auto flags = flags_by_command(app);
    const auto name = shell->as<std::string>();
    if (name == "bash") print_bash(flags, std::cout);
    if (name == "zsh") print_zsh(flags, std::cout);
    if (name == "fish") print_fish(flags, std::cout);
  });
}

}  // namespace bytebasket::app
