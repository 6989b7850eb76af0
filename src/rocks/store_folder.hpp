// The folder of an embedded store: what kind and version of store it is, and which process holds
// it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace bytebasket::rocks {

/// The file `bytebasket.format` in the folder says this in plain text. It is written before
/// anything else is stored.
struct FolderFormat {
  std::string kind;  ///< `event-log`, `tables`
  std::int64_t version = 1;
  std::map<std::string, std::int64_t>
      facts;  ///< what was fixed at creation, for example the number of partitions
};

/// The format of `folder`; a folder that is new or empty is created with the format `wanted`. Fails
/// when the folder holds another kind of store, or a version newer than `wanted.version`.
Result<FolderFormat> claim_folder(const std::string& folder, const FolderFormat& wanted);

/// Puts the file there whole or not at all, also when the power fails.
Status replace_file(const std::string& folder, std::string_view name, std::string_view text);

/// Notes that this process holds the folder, so that a second one can be told.
Status note_owner(const std::string& folder);
/// Who holds the folder: "process 1234", "this process" or "another process". Only to be asked when
/// it is locked.
std::string describe_owner(const std::string& folder);

}  // namespace bytebasket::rocks
