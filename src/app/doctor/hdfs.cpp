#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "app/doctor/doctor.hpp"
#include "app/doctor/reach.hpp"
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

/// What a NameNode says of itself. Objects without members where it says nothing: an HttpFS, or one
/// that wants Kerberos.
struct NameNode {
  Json info = Json::object();
  Json state = Json::object();
  std::optional<Timestamp> now;
};

Json report_of(http::Client& client, std::string_view name, std::optional<Timestamp>& now) {
  const std::string target = "/jmx?qry=Hadoop:service=NameNode,name=" + std::string(name);
  const auto answer = client.send("GET", target, {}, "");
  if (!answer) return Json::object();
  for (const auto& [header, value] : answer->headers) {
    if (header == "date") now = parse_http_date(value);
  }
  if (answer->status != 200) return Json::object();
  const Json body = Json::parse(answer->body, nullptr, false);
  if (!body.is_object() || !body.contains("beans") || body["beans"].empty()) return Json::object();
  return body["beans"][0];
}

NameNode ask(http::Client& client) {
  NameNode node;
  node.info = report_of(client, "NameNodeInfo", node.now);
  node.state = report_of(client, "FSNamesystemState", node.now);
  return node;
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
  const std::string version = info.value("SoftwareVersion", "of unknown version");
  const std::string what =
      fmt::format("{} (Hadoop {}) answers, with {} DataNode{} and {:.0f} % of room", url, version,
                  live, live == 1 ? "" : "s", room);
  if (room >= little_room_percent) return {"HDFS", true, what};
  return {"HDFS", false, what + "; add disks, or shorten lake.retention"};
}

void look_at_name_node(const std::string& url, Findings& findings) {
  if (const Status reached = reach(address_of(url), patience); !reached) {
    findings.push_back({"HDFS", false, reached.error().message});
    return;
  }
  auto client = http::Client::create(url, patience);
  const NameNode node = client ? ask(*client) : NameNode();
  findings.push_back(node.info.empty() || node.state.empty()
                         ? Finding{"HDFS", true, url + " can be reached"}
                         : judge(url, node.info, node.state));
  if (node.now) findings.push_back(judge_clock("HDFS's clock", node.now, SystemClock().now()));
}

}  // namespace

void look_at_hdfs(const schema::Settings& settings, Findings& findings) {
  if (settings.lake.engine != "hdfs") return;
  for (const std::string& url : settings.lake.name_nodes) look_at_name_node(url, findings);
}

}  // namespace bytebasket::app
