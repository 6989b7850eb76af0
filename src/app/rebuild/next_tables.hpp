// Embedded tables that are made beside the present ones and are to take their place.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "schema/settings.hpp"
#include "storage/table_store.hpp"
#include "verification/scratch.hpp"

namespace bytebasket::app {

/// Life cycle: make(), fill, finish_filling(), open() where this process goes on with them,
/// publish(), and once nobody uses the former ones remove_former().
class NextTables {
 public:
  static Result<std::unique_ptr<NextTables>> make(const schema::Settings& settings);

  /// Where rows are put: none expires there, and all are lost with the process until sync().
  [[nodiscard]] storage::TableStore& filling() { return *filling_; }
  void finish_filling() { filling_.reset(); }

  /// Opens them to serve.
  [[nodiscard]] Result<std::shared_ptr<storage::TableStore>> open() const;
  /// From now on they are the ones that a start opens.
  [[nodiscard]] Status publish() const;
  void remove_former() const;

 private:
  NextTables(const schema::Settings& settings, std::filesystem::path folder);

  const schema::Settings& settings_;
  const std::filesystem::path data_;
  const std::filesystem::path folder_;
  const verification::ScratchClock clock_;
  std::unique_ptr<storage::TableStore> filling_;
};

}  // namespace bytebasket::app
