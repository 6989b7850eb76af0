// Files that are part of the program (the dashboard), served with caching and a strict content
// policy.
#pragma once

#include <span>
#include <string_view>

#include "http/server.hpp"

namespace bytebasket::analytics {

/// One file. cmake/EmbedAssets.cmake makes them of a folder; their bytes live as long as the
/// program.
struct Asset {
  std::string_view path;  ///< as asked for: `/`, `/assets/index-4f3a.js`
  std::string_view content_type;
  std::string_view bytes;
  std::string_view gzip;         ///< the same, compressed; empty where that saves nothing
  std::string_view etag;         ///< of the bytes, in quotes
  bool has_hashed_name = false;  ///< its name changes with its contents: it may be kept for ever
};

/// The answer with `asset`: 304 where the client has it, compressed where the client takes that.
http::Response serve_asset(const Asset& asset, const http::Request& request);

/// Adds a GET route for each asset, and a page at `/` that says what is missing where there is
/// none. The assets must outlive the server.
void add_asset_routes(http::Server& server, std::span<const Asset> assets);

/// What a page of this server may load: only from this server, and it cannot be framed.
inline constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src "
    "'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
    "'none'";

}  // namespace bytebasket::analytics
