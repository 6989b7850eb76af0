// What `bytebasket import` says in the end.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/configuration/kept_times.hpp"
#include "producers/import/age_watch.hpp"

namespace bytebasket::app {

struct ImportOutcome {
  producers::import_::ImportReport report;
  std::vector<producers::import_::OlderThanKept> ages;
  std::optional<Timestamp> oldest;  ///< event
};

/// What is made of imported events and kept for a time, those that `times` knows.
std::vector<producers::import_::KeptFor> kept_of_imported(const KeptTimes& times);

std::string text_of(const ImportOutcome& outcome);
std::string json_of(const ImportOutcome& outcome);

}  // namespace bytebasket::app
