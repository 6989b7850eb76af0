// Files that live in memory, for tests of what stands above a file store. Can die at any operation,
// as a killed process does: that one may or may not have done its work, and all later ones fail.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "storage/file_store.hpp"

namespace bytebasket::testing {

class InMemoryFiles final : public storage::FileStore {
 public:
  /// The `operation`-th call from now on (0: the next) is the last; `done` says whether it has its
  /// effect.
  void die_at(std::uint64_t operation, bool done) {
    left_ = operation;
    done_ = done;
  }
  void revive() { left_.reset(); }
  [[nodiscard]] std::uint64_t operations() const { return operations_; }

  Result<std::unique_ptr<storage::FileWriter>> create() override {
    return std::unique_ptr<storage::FileWriter>(new Writer(*this));
  }
  Result<std::string> read(std::string_view path, std::uint64_t offset,
                           std::uint64_t length) override {
    BB_RETURN_IF_ERROR(step([] {}));
    const auto found = files_.find(path);
    if (found == files_.end()) return fail(ErrorCode::not_found, "no file " + std::string(path));
    return offset >= found->second.size() ? std::string() : found->second.substr(offset, length);
  }
  Result<std::uint64_t> size(std::string_view path) override {
    BB_ASSIGN_OR_RETURN(const auto bytes, read(path, 0, UINT64_MAX));
    return bytes.size();
  }
  Result<std::vector<storage::FileEntry>> list(std::string_view folder) override {
    BB_RETURN_IF_ERROR(step([] {}));
    std::set<storage::FileEntry> entries;
    const std::string prefix = folder.empty() ? "" : std::string(folder) + "/";
    for (const auto& [path, bytes] : files_) {
      if (!path.starts_with(prefix)) continue;
      const std::string rest = path.substr(prefix.size());
      const std::size_t slash = rest.find('/');
      const bool is_folder = slash != std::string::npos;
      entries.insert({rest.substr(0, slash), is_folder, is_folder ? 0 : bytes.size()});
    }
    return std::vector<storage::FileEntry>(entries.begin(), entries.end());
  }
  Status remove(std::string_view path) override {
    return step([&] {
      std::erase_if(files_, [&](const auto& file) {
        return file.first == path || file.first.starts_with(std::string(path) + "/");
      });
    });
  }
  Result<std::uint64_t> remove_abandoned(Timestamp /*before*/) override { return 0; }
  [[nodiscard]] std::string describe() const override { return "memory"; }

  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& files() const {
    return files_;
  }

 private:
  class Writer final : public storage::FileWriter {
   public:
    explicit Writer(InMemoryFiles& files) : files_(files) {}
    Status write(std::string_view bytes) override {
      bytes_ += bytes;
      return ok();
    }
    Status publish(std::string_view path) override {
      BB_RETURN_IF_ERROR(storage::check_path(path));
      bool existed = false;
      BB_RETURN_IF_ERROR(files_.step(
          [&] { existed = !files_.files_.try_emplace(std::string(path), bytes_).second; }));
      if (existed) return fail(ErrorCode::already_exists, std::string(path) + " exists");
      return ok();
    }

   private:
    InMemoryFiles& files_;
    std::string bytes_;
  };

  template <typename Effect>
  Status step(Effect effect) {
    ++operations_;
    if (!left_) {
      effect();
      return ok();
    }
    if (*left_ > 0) {
      --*left_;
      effect();
      return ok();
    }
    if (done_) effect();
    done_ = false;
    return fail(ErrorCode::unavailable, "the process is dead");
  }

  std::map<std::string, std::string, std::less<>> files_;
  std::optional<std::uint64_t> left_;
  bool done_ = false;
  std::uint64_t operations_ = 0;
};

}  // namespace bytebasket::testing
