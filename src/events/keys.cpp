#include "events/keys.hpp"

#include "events/known_keys.hpp"

namespace bytebasket::events {

std::string_view name_of(KnownKey key) {
  const auto index = static_cast<std::size_t>(key);
  return index < vocabulary::meanings.size() ? vocabulary::all_names.names[index]
                                             : std::string_view();
}
std::string_view name_of(PropertyKey key) {
  return vocabulary::property_names[static_cast<std::size_t>(key)];
}

}  // namespace bytebasket::events
