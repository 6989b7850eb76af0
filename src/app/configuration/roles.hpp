// Which parts of ByteBasket a process runs: all in one, or apart on machines that share the
// engines.
#pragma once

#include "schema/settings.hpp"

namespace bytebasket::app {

struct Roles {
  bool collect = false;  ///< the tracking API, into the log
  bool process = false;  ///< the pipeline, from the log into the tables; retention
  bool archive = false;  ///< from the log into the lake, where there is one
  bool serve = false;    ///< the API and the dashboard, from the tables
};

/// The roles that `service.roles` names. Health and metrics are answered whatever they are.
Roles roles_of(const schema::Settings& settings);

}  // namespace bytebasket::app
