// What the tests of the collector share: one that runs, and requests as clients send them.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "http/client.hpp"
#include "producers/collector.hpp"
#include "support/in_memory_engines.hpp"

namespace bytebasket::producers::testing {

/// A log in memory that can be told to hold its answers or to fail.
class MoodyLog final : public bytebasket::testing::InMemoryLog {
 public:
  MoodyLog() : InMemoryLog(1) {}

  void append(std::vector<streams::NewRecord> records, AppendCallback done) override {
    if (failure) return done(fail(*failure));
    if (hold) {
      InMemoryLog::append(std::move(records), [this, done](auto appended) {
        held.push_back([done, appended] { done(appended); });
        arrived.set_value();
      });
      return;
    }
    InMemoryLog::append(std::move(records), std::move(done));
  }

  std::optional<Error> failure;
  bool hold = false;
  std::vector<std::function<void()>> held;
  std::promise<void> arrived;
};

using Headers = std::vector<std::pair<std::string, std::string>>;
inline const Headers by_key = {{"Authorization", "Basic " + encode_base64("k1:")}};
inline constexpr std::string_view page = R"({"type":"page","userId":"u","messageId":"m"})";

/// A collector on a free port, over a log in memory.
class RunningCollector : public ::testing::Test {
 protected:
  void start(CollectorOptions options = {}) {
    options.write_keys = {{"k1", {"Website", events::Source::web}},
                          {"k2", {"Shop server", events::Source::orders}}};
    collector_ = std::make_unique<Collector>(log_, options, clock_, counters_);
    server_ = std::make_unique<http::Server>(http::ServerOptions{.max_body_bytes = 8 << 20});
    collector_->add_routes(*server_);
    ASSERT_TRUE(server_->start());
  }
  http::ClientResponse send(std::string_view method, std::string_view target,
                            const Headers& headers, std::string_view body) {
    auto client = http::Client::create("http://127.0.0.1:" + std::to_string(server_->port()));
    auto response = client->send(method, target, headers, std::string(body));
    EXPECT_TRUE(response) << response.error().message;
    return response ? std::move(*response) : http::ClientResponse();
  }
  http::ClientResponse post(std::string_view path, std::string_view body,
                            const Headers& headers = by_key) {
    return send("POST", path, headers, body);
  }
  std::vector<std::string> stored(streams::Stream stream) {
    std::vector<std::string> values;
    const auto batch = log_.read({stream, PartitionId(0)}, Offset(0), {});
    for (const streams::Record& record : batch->records()) values.emplace_back(record.value);
    return values;
  }

  ManualClock clock_{*parse_timestamp("2026-11-22T10:00:00Z")};
  CollectorCounters counters_;
  MoodyLog log_;
  std::unique_ptr<Collector> collector_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace bytebasket::producers::testing
