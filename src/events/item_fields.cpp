#include "events/item_fields.hpp"

#include "events/json_text.hpp"

namespace bytebasket::events {

Status ItemFields::collect(NodeIndex item, NodeIndex shared_context) {
  item_ = item;
  shared_context_ = shared_context;
  top_ = {};
  properties_ = {};
  context_ = {};
  names_ip_ = false;
  others_.clear();
  if (!unescaped_.empty()) unescaped_.clear();
  tape_.for_each_member(item, [&](NodeIndex key, NodeIndex value) {
    const TopKey known = meaning(key).top;
    const bool dimension = known >= TopKey::source && known <= TopKey::campaign;
    if (known == TopKey::other || known == TopKey::event || known == TopKey::name || dimension)
      others_.push_back(key);
    top_[static_cast<std::size_t>(known)] = tape_[value].kind == JsonKind::null ? 0 : value;
  });
  for (const TopKey part : {TopKey::properties, TopKey::traits, TopKey::context}) {
    if ((*this)[part] != 0 && tape_[(*this)[part]].kind != JsonKind::object) {
      static constexpr std::array<std::string_view, 3> names = {"properties", "traits", "context"};
      return fail(ErrorCode::invalid_argument,
                  std::string(names[static_cast<std::size_t>(part) -
                                    static_cast<std::size_t>(TopKey::properties)]) +
                      " must be an object");
    }
  }
  if ((*this)[TopKey::properties] != 0) collect_properties();
  // The item's own members come last: they win.
  if (shared_context != 0) collect_context(shared_context);
  if ((*this)[TopKey::context] != 0) collect_context((*this)[TopKey::context]);
  return ok();
}

void ItemFields::collect_properties() {
  tape_.for_each_member((*this)[TopKey::properties], [&](NodeIndex key, NodeIndex value) {
    const PropertyKey known = meaning(key).property;
    properties_[static_cast<std::size_t>(known)] = tape_[value].kind == JsonKind::null ? 0 : value;
  });
}

void ItemFields::collect_context(NodeIndex context) {
  tape_.for_each_member(context, [&](NodeIndex key, NodeIndex value) {
    const ContextKey known = meaning(key).context;
    if (known == ContextKey::ip) names_ip_ = true;
    if (tape_[value].kind != JsonKind::null) context_[static_cast<std::size_t>(known)] = value;
  });
}

std::string_view ItemFields::unescaped(const JsonNode& node) {
  std::string& text = unescaped_.emplace_back();
  append_unescaped(text, tape_.raw(node));
  const std::size_t size = text.size();
  text.append(key_reach, '\0');
  return std::string_view(text).substr(0, size);
}

}  // namespace bytebasket::events
