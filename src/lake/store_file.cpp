#include "lake/store_file.hpp"

#include <algorithm>

namespace bytebasket::lake {

Status StoreFile::fetch(std::uint64_t offset, std::uint64_t length) {
  length = std::min(length, size_ - std::min(offset, size_));
  BB_ASSIGN_OR_RETURN(fetched_, store_.read(path_, offset, length));
  fetched_at_ = offset;
  if (fetched_.size() == length) return ok();
  return fail(ErrorCode::corrupt, where() + " ends at byte " +
                                      std::to_string(offset + fetched_.size()) + " of " +
                                      std::to_string(size_));
}

Result<std::string_view> StoreFile::read(std::uint64_t offset, std::uint64_t length) {
  const bool there = offset >= fetched_at_ && offset + length <= fetched_at_ + fetched_.size();
  if (!there) BB_RETURN_IF_ERROR(fetch(offset, length));
  return std::string_view(fetched_).substr(offset - fetched_at_, length);
}

}  // namespace bytebasket::lake
