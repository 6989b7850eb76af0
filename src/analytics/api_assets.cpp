#include "analytics/api_assets.hpp"

#include <algorithm>

namespace bytebasket::analytics {
namespace {

constexpr std::string_view missing_page =
    "<!doctype html><html lang=\"en\"><meta "
    "charset=\"utf-8\"><title>ByteBasket</title><h1>ByteBasket is running</h1>"
    "<p>This program was built without the dashboard: <code>make build</code> builds both.</p>"
    "<p><a href=\"docs\">The HTTP API</a></p></html>";

constexpr Asset missing_dashboard = {.path = "/",
                                     .content_type = "text/html; charset=utf-8",
                                     .bytes = missing_page,
                                     .gzip = {},
                                     .etag = "\"none\""};

bool takes_gzip(const http::Request& request) {
  return request.header("accept-encoding").find("gzip") != std::string_view::npos;
}

}  // namespace

http::Response serve_asset(const Asset& asset, const http::Request& request) {
  http::Response response;
  response.content_type = asset.content_type;
  response.headers = {
      {"ETag", std::string(asset.etag)},
      {"Cache-Control", asset.has_hashed_name ? "public, max-age=31536000, immutable" : "no-cache"},
      {"Vary", "Accept-Encoding"},
      {"Content-Security-Policy", std::string(page_policy)},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"}};
  if (request.header("if-none-match").find(asset.etag) != std::string_view::npos) {
    response.status = 304;
    response.content_type.clear();
    return response;
  }
  if (!asset.gzip.empty() && takes_gzip(request)) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.lasting_body = asset.gzip;
  } else {
    response.lasting_body = asset.bytes;
  }
  return response;
}

void add_asset_routes(http::Server& server, std::span<const Asset> assets) {
  const auto add = [&server](const Asset& asset) {
    server.route(
        "GET", std::string(asset.path),
        [&asset](const std::shared_ptr<const http::Request>& request, http::Responder responder) {
          std::move(responder).respond(serve_asset(asset, *request));
        });
  };
  for (const Asset& asset : assets) add(asset);
  if (std::ranges::find(assets, std::string_view("/"), &Asset::path) == assets.end())
    add(missing_dashboard);
}

}  // namespace bytebasket::analytics
