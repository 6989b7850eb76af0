#include "storage/hdfs/web_hdfs.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include <curl/curl.h>

#include "storage/hdfs/redirect.hpp"
#include "storage/hdfs/remote_error.hpp"

namespace bytebasket::storage {
namespace {

constexpr std::size_t most_idle = 8;
constexpr Milliseconds first_pause{50};
constexpr Milliseconds longest_pause{2'000};
constexpr long redirect = 307;
constexpr long unauthorized = 401;

std::size_t take_bytes(char* data, std::size_t size, std::size_t count, void* out) {
  static_cast<std::string*>(out)->append(data, size * count);
  return size * count;
}

std::size_t give_bytes(char* out, std::size_t size, std::size_t count, void* body) {
  auto& rest = *static_cast<std::string_view*>(body);
  const std::size_t length = rest.copy(out, size * count);
  rest.remove_prefix(length);
  return length;
}

void start_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(started);
}

}  // namespace

/// A curl handle with the connections it keeps.
class WebHdfs::Connection {
 public:
  Connection() : curl_(curl_easy_init()) {}
  ~Connection() {
    curl_slist_free_all(headers_);
    curl_easy_cleanup(curl_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  struct Answer {
    CURLcode code = CURLE_OK;
    long status = 0;
    std::string body;
    std::string location;
    std::string problem;  ///< what curl says
  };

  /// Sends `body` where it is not null, else an empty one where the method has one.
  Answer perform(const HdfsOptions& options, std::string_view method, const std::string& url,
                 const std::string_view* body) {
    curl_easy_reset(curl_);
    Answer answer;
    char problem[CURL_ERROR_SIZE] = "";
    set(CURLOPT_ERRORBUFFER, problem);
    set(CURLOPT_URL, url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.timeout.count()));
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(options.timeout.count() / 1000)));
    set(CURLOPT_WRITEFUNCTION, take_bytes);
    set(CURLOPT_WRITEDATA, &answer.body);
    set(CURLOPT_BUFFERSIZE, 512L << 10);
    if (options.kerberos) {
      set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_NEGOTIATE));
      set(CURLOPT_USERPWD, ":");
    }
    std::string_view rest = body == nullptr ? std::string_view() : *body;
    set_method(method, body != nullptr, rest);
    answer.code = curl_easy_perform(curl_);
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &answer.status);
    char* location = nullptr;
    curl_easy_getinfo(curl_, CURLINFO_REDIRECT_URL, &location);
    if (location != nullptr) answer.location = location;
    answer.problem = problem[0] != '\0' ? problem : curl_easy_strerror(answer.code);
    return answer;
  }

  /// `text` with all but unreserved characters as %XX; slashes stay where they part a path.
  std::string escaped(std::string_view text, bool path) {
    std::string out;
    for (std::size_t begin = 0; begin <= text.size();) {
      const std::size_t end = path ? std::min(text.find('/', begin), text.size()) : text.size();
      char* const part =
          curl_easy_escape(curl_, text.data() + begin, static_cast<int>(end - begin));
      if (end > begin && part != nullptr) out += part;
      curl_free(part);
      if (end < text.size()) out += '/';
      begin = end + 1;
    }
    return out;
  }

 private:
  template <typename Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(curl_, option, value);
  }

  void set_method(std::string_view method, bool sends, std::string_view& body) {
    method_ = method;
    set(CURLOPT_CUSTOMREQUEST, method_.c_str());
    curl_slist_free_all(headers_);
    headers_ = nullptr;
    if (sends) {
      // Data go to the DataNode at once: it never refuses them by "100 Continue".
      headers_ = curl_slist_append(headers_, "Expect:");
      headers_ = curl_slist_append(headers_, "Content-Type: application/octet-stream");
      set(CURLOPT_UPLOAD, 1L);
      set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(body.size()));
      set(CURLOPT_READFUNCTION, give_bytes);
      set(CURLOPT_READDATA, &body);
      set(CURLOPT_UPLOAD_BUFFERSIZE, 1L << 20);
      set(CURLOPT_HTTPHEADER, headers_);
    } else if (method == "PUT" || method == "POST") {
      set(CURLOPT_POSTFIELDS, "");
      set(CURLOPT_CUSTOMREQUEST, method_.c_str());
    }
  }

  CURL* const curl_;
  curl_slist* headers_ = nullptr;
  std::string method_;
};

/// What came of one try at one NameNode.
struct WebHdfs::Attempt {
  Result<std::string> result;
  bool another = false;  ///< worth trying at another NameNode, or later
};

namespace {

/// The connection broke, or no answer came.
Error broken(CURLcode code, const std::string& url, const std::string& problem) {
  const bool never_sent = code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST ||
                          code == CURLE_COULDNT_RESOLVE_PROXY;
  return {never_sent ? ErrorCode::unavailable : ErrorCode::timed_out,
          url.substr(0, url.find('?')) + ": " + problem};
}

/// It would serve us, if we had said who we are.
Error not_logged_in(const std::string& url, bool kerberos) {
  return {ErrorCode::permission_denied,
          url.substr(0, url.find('?')) + ": HDFS asks for a Kerberos ticket" +
              (kerberos ? ", and this process has none that it takes: log in with `kinit -kt "
                          "KEYTAB PRINCIPAL`, and let KRB5CCNAME name the ticket's file"
                        : ": set lake.kerberos, and log in with `kinit`")};
}

}  // namespace

WebHdfs::WebHdfs(HdfsOptions options) : options_(std::move(options)) { start_curl(); }
WebHdfs::~WebHdfs() = default;

std::string WebHdfs::describe() const {
  std::string text = "hdfs at ";
  for (const std::string& name_node : options_.name_nodes) {
    if (&name_node != &options_.name_nodes.front()) text += ", ";
    text += name_node;
  }
  return text + options_.folder;
}

std::unique_ptr<WebHdfs::Connection> WebHdfs::borrow() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Connection>();
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void WebHdfs::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  if (idle_.size() < most_idle) idle_.push_back(std::move(connection));
}

std::string WebHdfs::url_of(const WebHdfsCall& call, std::string_view name_node) const {
  Connection escaping;
  std::string url(name_node);
  while (url.ends_with('/')) url.pop_back();
  url += "/webhdfs/v1" + escaping.escaped(call.path, true) + "?op=" + std::string(call.operation);
  if (!options_.kerberos && !options_.user.empty())
    url += "&user.name=" + escaping.escaped(options_.user, false);
  for (const auto& [name, value] : call.parameters)
    url += "&" + std::string(name) + "=" + escaping.escaped(value, false);
  return url;
}

WebHdfs::Attempt WebHdfs::attempt(Connection& connection, const WebHdfsCall& call,
                                  std::string_view name_node) const {
  std::string url = url_of(call, name_node);
  auto answer = connection.perform(options_, call.method, url, nullptr);
  // Nothing has happened yet where the NameNode only says which DataNode is to do it.
  bool applied = !call.sends;
  if (answer.code == CURLE_OK && answer.status == redirect && !answer.location.empty()) {
    if (Status safe = check_redirect(url, answer.location); !safe)
      return {fail(safe.error()), false};
    url = answer.location;
    applied = true;
    answer = connection.perform(options_, call.method, url, call.sends ? &call.body : nullptr);
  }
  if (answer.code != CURLE_OK) {
    Error error = broken(answer.code, url, answer.problem);
    const bool unclear = error.code == ErrorCode::timed_out && applied && !call.repeatable;
    return {fail(std::move(error)), !unclear};
  }
  if (answer.status >= 200 && answer.status < 300) return {std::move(answer.body), false};
  if (answer.status == unauthorized) return {fail(not_logged_in(url, options_.kerberos)), false};
  RemoteError error = remote_error(answer.status, answer.body);
  return {fail(error.error.within(url.substr(0, url.find('?')))), error.another};
}

Result<std::string> WebHdfs::call(const WebHdfsCall& call) {
  const auto deadline = std::chrono::steady_clock::now() + options_.patience;
  auto connection = borrow();
  Result<std::string> result = fail(ErrorCode::invalid_argument, "no NameNode is configured");
  for (Milliseconds pause = first_pause;; pause = std::min(2 * pause, longest_pause)) {
    for (std::size_t i = 0; i < options_.name_nodes.size(); ++i) {
      std::size_t serving = 0;
      {
        const std::lock_guard lock(mutex_);
        serving = serving_;
      }
      Attempt tried = attempt(*connection, call, options_.name_nodes[serving]);
      result = std::move(tried.result);
      if (!tried.another) {
        give_back(std::move(connection));
        return result;
      }
      const std::lock_guard lock(mutex_);
      serving_ = (serving + 1) % options_.name_nodes.size();
    }
    if (options_.name_nodes.empty() || std::chrono::steady_clock::now() + pause >= deadline) break;
    std::this_thread::sleep_for(pause);
  }
  if (result.error().code == ErrorCode::timed_out && call.repeatable)
    return fail(ErrorCode::unavailable, result.error().message);
  return result;
}

}  // namespace bytebasket::storage
