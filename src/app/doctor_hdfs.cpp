#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/doctor.hpp"
#include "app/reach.hpp"
#include "http/client.hpp"

namespace bytebasket::app {
namespace {

using Json = nlohmann::json;

constexpr Milliseconds patience{5'000};
constexpr double little_room_percent = 5;

/// `host:9870` of `http://host:9870/…`; the scheme's port where none is given.
std::string address_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  std::string address = url.substr(begin, url.find('/', begin) - begin);
  if (address.find(':') == std::string::npos) address += url.starts_with("https") ? ":443" : ":80";
  return address;
}

/// One of the NameNode's own reports. An object without members where it gives none: an HttpFS, or
/// one that wants Kerberos.
Json report_of(http::Client& client, std::string_view name) {
  const std::string target = "/jmx?qry=Hadoop:service=NameNode,name=" + std::string(name);
  const auto answer = client.send("GET", target, {}, "");
  if (!answer || answer->status != 200) return Json::object();
  const Json body = Json::parse(answer->body, nullptr, false);
  if (!body.is_object() || !body.contains("beans") || body["beans"].empty()) return Json::object();
  return body["beans"][0];
}

Finding judge(const std::string& url, const Json& info, const Json& state) {
  const auto live = state.value("NumLiveDataNodes", 0);
  const auto room = info.value("PercentRemaining", 0.0);
  const std::string safe_mode = info.value("Safemode", "");
  if (!safe_mode.empty()) {
    return {"HDFS", false,
            url +
                " is in safe mode, so nothing can be written: it ends by itself once enough "
                "blocks are reported, else `hdfs dfsadmin -safemode leave` ends it"};
  }
  if (live == 0) return {"HDFS", false, url + " has no DataNode: start one"};
  const std::string what = fmt::format("{} answers, with {} DataNode{} and {:.0f} % of room", url,
                                       live, live == 1 ? "" : "s", room);
  if (room >= little_room_percent) return {"HDFS", true, what};
  return {"HDFS", false, what + "; add disks, or shorten lake.retention"};
}

Finding look_at_name_node(const std::string& url) {
  if (const Status reached = reach(address_of(url), patience); !reached)
    return {"HDFS", false, reached.error().message};
  auto client = http::Client::create(url, patience);
  if (!client) return {"HDFS", true, url + " can be reached"};
  const Json info = report_of(*client, "NameNodeInfo");
  const Json state = report_of(*client, "FSNamesystemState");
  if (info.empty() || state.empty()) return {"HDFS", true, url + " can be reached"};
  return judge(url, info, state);
}

}  // namespace

void look_at_hdfs(const schema::Settings& settings, Findings& findings) {
  if (settings.lake.engine != "hdfs") return;
  for (const std::string& url : settings.lake.name_nodes)
    findings.push_back(look_at_name_node(url));
}

}  // namespace bytebasket::app
