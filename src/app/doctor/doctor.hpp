// What `bytebasket doctor` looks at. Each look is one Finding: what it is, whether it is well, and
// what to do where it is not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "schema/settings.hpp"

namespace bytebasket::app {

struct Finding {
  std::string what;
  bool well = false;
  std::string detail;
};

using Findings = std::vector<Finding>;

/// Everything a start on this machine needs: disk, file limit, definitions, engines, port.
Findings look_at_start(const schema::Settings& settings);

/// Each server that the settings name: whether it can be reached, and whether topics and tables are
/// as configured. Nothing is changed there.
Findings look_at_servers(const schema::Settings& settings);

/// The part of look_at_servers() for the lake in HDFS.
void look_at_hdfs(const schema::Settings& settings, Findings& findings);

/// Whether a clock agrees with this machine's: events are judged by their age, rows expire by time.
/// Where the server that `there` comes from says no time, `there` is empty.
Finding judge_clock(const std::string& what, std::optional<Timestamp> there, Timestamp here);
/// Of a Date header, `Fri, 27 Nov 2026 12:00:00 GMT`; nullopt for anything else.
std::optional<Timestamp> parse_http_date(const std::string& text);

/// A running server: whether it is ready, each of its stages, and whether its clock agrees with
/// this machine's. Without a token that it wants, only whether it is ready.
Findings look_at_server(const std::string& url, const std::optional<std::string>& token);

}  // namespace bytebasket::app
