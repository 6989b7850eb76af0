// Small pieces of JSON that importers write.
#pragma once

#include <string>
#include <string_view>

namespace bytebasket::producers::import_ {

/// Appends `"text"`, escaped. Bytes that are no UTF-8 are kept: the normaliser refuses them with
/// their place.
void append_json_string(std::string& out, std::string_view text);

/// Appends `,"key":"value"`; nothing where the value is empty.
void append_member(std::string& out, std::string_view key, std::string_view value);

}  // namespace bytebasket::producers::import_
