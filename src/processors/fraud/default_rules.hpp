// The rules that act before any control record.
#pragma once

#include <string_view>

namespace bytebasket::processors::fraud {

/// The text of config/fraud.yml as it stood when the program was built.
std::string_view default_rules();

}  // namespace bytebasket::processors::fraud
