#include "analytics/prometheus.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace bytebasket::analytics {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Prometheus, CountersGaugesAndHistogramsCarryHelpTypeAndLabels) {
  Counters counters;
  counters.collector.accepted.add(12);
  counters.processing.partitions.of("user-activity/3").processed.add(7);
  counters.processing.partitions.of("user-activity/3").lag.set(2);
  counters.log.commit.record(std::chrono::milliseconds(3));
  counters.api.routes.of("GET /api/v1/metrics/{name}").answers[2].add();
  counters.fraud.decisions.of("review").add(4);
  const std::string text = prometheus_text(counters, StageMonitor(counters).report(), "1.2.3");

  EXPECT_THAT(text, HasSubstr("# HELP bytebasket_collector_events_accepted_total Events "
                              "acknowledged: they are on disk.\n"
                              "# TYPE bytebasket_collector_events_accepted_total counter\n"
                              "bytebasket_collector_events_accepted_total 12\n"));
  EXPECT_THAT(
      text,
      HasSubstr(
          "bytebasket_processing_records_total{stream=\"user-activity\",partition=\"3\"} 7\n"));
  EXPECT_THAT(
      text,
      HasSubstr("bytebasket_processing_lag_records{stream=\"user-activity\",partition=\"3\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("bytebasket_log_commit_seconds_count 1\n"));
  EXPECT_THAT(text, HasSubstr("bytebasket_log_commit_seconds_bucket{le=\"0.0025\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("bytebasket_log_commit_seconds_bucket{le=\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("bytebasket_log_commit_seconds_bucket{le=\"+Inf\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("bytebasket_http_requests_total{method=\"GET\",route=\"/api/v1/"
                              "metrics/{name}\",status=\"2xx\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("bytebasket_fraud_decisions_total{decision=\"review\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("bytebasket_stage_up{stage=\"log\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("bytebasket_ready 0\n"));
  EXPECT_THAT(text, HasSubstr("bytebasket_build_info{version=\"1.2.3\"} 1\n"));
}

TEST(Prometheus, EveryFamilyStandsOnceWithItsMetricsTogether) {
  Counters counters;
  for (const char* label : {"a/0", "a/1", "b/0"}) {
    counters.processing.partitions.of(label).processed.add();
    counters.processing.partitions.of(label).lag.set(0);
  }
  for (const char* route : {"GET /a", "GET /b"}) counters.api.routes.of(route).answers[2].add();
  const std::string text = prometheus_text(counters, StageMonitor(counters).report(), "1");
  for (const std::string name :
       {"bytebasket_processing_records_total", "bytebasket_processing_lag_records",
        "bytebasket_http_requests_total", "bytebasket_http_request_seconds"}) {
    const std::string line = "# TYPE " + name + " ";
    EXPECT_NE(text.find(line), std::string::npos) << name;
    EXPECT_EQ(text.find(line), text.rfind(line)) << name;
  }
}

TEST(Prometheus, AnUnknownLagIsLeftOut) {
  Counters counters;
  counters.processing.partitions.of("a/0").lag.set(0);
  counters.processing.partitions.of("a/1").group_lag.set(5);
  const std::string text = prometheus_text(counters, StageMonitor(counters).report(), "1");
  EXPECT_THAT(text,
              HasSubstr("bytebasket_processing_lag_records{stream=\"a\",partition=\"0\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("bytebasket_group_lag_records{stream=\"a\",partition=\"1\"} 5\n"));
  EXPECT_THAT(text,
              Not(HasSubstr("bytebasket_processing_lag_records{stream=\"a\",partition=\"1\"}")));
  EXPECT_THAT(text, Not(HasSubstr("bytebasket_group_lag_records{stream=\"a\",partition=\"0\"}")));
}

}  // namespace
}  // namespace bytebasket::analytics
