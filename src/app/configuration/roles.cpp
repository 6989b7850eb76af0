#include "app/configuration/roles.hpp"

#include <algorithm>
#include <string_view>

namespace bytebasket::app {

Roles roles_of(const schema::Settings& settings) {
  const auto has = [&](std::string_view role) {
    return std::ranges::find(settings.service.roles, role) != settings.service.roles.end();
  };
  return {.collect = has("collect"),
          .process = has("process"),
          .archive = has("archive"),
          .serve = has("serve")};
}

}  // namespace bytebasket::app
