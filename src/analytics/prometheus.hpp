// The counters as Prometheus reads them.
#pragma once

#include <string>
#include <string_view>

#include "analytics/stages.hpp"
#include "base/counters.hpp"

namespace bytebasket::analytics {

/// The body of `GET /metrics`, in Prometheus' text format; its content type is
/// prometheus_content_type.
std::string prometheus_text(const Counters& counters, const StageReport& stages,
                            std::string_view version);

inline constexpr std::string_view prometheus_content_type =
    "text/plain; version=0.0.4; charset=utf-8";

}  // namespace bytebasket::analytics
