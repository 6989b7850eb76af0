// The configuration: flags over environment over file over defaults, checked as a whole.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "schema/settings.hpp"

namespace bytebasket::app {

/// A setting given by a flag of the command line, which is named in messages.
struct SettingOverride {
  std::string flag;   ///< "--listen"
  std::string key;    ///< "listen.port"
  std::string value;  ///< as in the environment
};

struct Configuration {
  schema::Settings settings;
  /// True where no write key is configured and the key `demo` was let in, as only a server on
  /// loopback may: say so.
  bool demo_write_key = false;
};

/// A configuration as far as it could be read, and one line for each mistake in it: where it
/// stands, what is wrong and what is allowed.
struct ReadConfiguration {
  Configuration configuration;
  std::string mistakes;
};

/// The variables of this process whose names start with BYTEBASKET_.
std::map<std::string, std::string> process_environment();

/// Reads and checks everything. A variable `BYTEBASKET_SECTION__NAME` is a setting; other names are
/// left alone unless they look like one misspelt.
ReadConfiguration read_configuration(const std::optional<std::filesystem::path>& file,
                                     const std::map<std::string, std::string>& environment,
                                     const std::vector<SettingOverride>& overrides);

/// The same, where one with mistakes is of no use: they are the error (`invalid_argument`), whose
/// caller exits with code 78.
Result<Configuration> load_configuration(const std::optional<std::filesystem::path>& file,
                                         const std::map<std::string, std::string>& environment,
                                         const std::vector<SettingOverride>& overrides);

/// True for 127.0.0.0/8, ::1 and localhost: addresses that only this machine reaches.
bool is_loopback(std::string_view address);

}  // namespace bytebasket::app
