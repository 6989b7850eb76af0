// Responses as they go over the wire.
#pragma once

#include <string>
#include <string_view>

#include "http/server.hpp"

namespace bytebasket::http {

/// `Not Found` of 404; `Unknown` of what RFC 9110 does not name.
std::string_view reason_of(unsigned status);

/// Appends status line and headers. `date` is the value of the Date header. Control characters in
/// header values, which could start a header of their own, are left out.
void append_head(std::string& out, const Response& response, std::string_view date,
                 bool keep_alive);

/// `Sun, 22 Nov 2026 10:00:00 GMT`
std::string http_date(Timestamp time);

/// One server-sent event. Each line of `data` becomes a `data:` line.
void append_event(std::string& out, std::string_view name, std::string_view data);

}  // namespace bytebasket::http
