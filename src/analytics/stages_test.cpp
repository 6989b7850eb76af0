#include "analytics/stages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace bytebasket::analytics {
namespace {

using testing::HasSubstr;

class StageMonitorTest : public testing::Test {
 protected:
  void pass(int seconds) {
    for (int second = 0; second < seconds; ++second) {
      now_ += Milliseconds(1000);
      monitor_.sample(now_);
    }
  }
  StageHealth stage(std::string_view name) {
    for (StageHealth& health : monitor_.report().stages) {
      if (health.name == name) return health;
    }
    ADD_FAILURE() << "no stage " << name;
    return {};
  }

  Counters counters_;
  StageMonitor monitor_{counters_};
  Timestamp now_ = timestamp_from_ms(1'800'000'000'000);
};

TEST_F(StageMonitorTest, IsNotReadyBeforeItIsOpenedNorAfterItIsHeld) {
  EXPECT_FALSE(monitor_.report().ready);
  EXPECT_EQ(monitor_.report().reason, "starting");
  monitor_.open();
  EXPECT_TRUE(monitor_.report().ready);
  monitor_.hold("stopping");
  EXPECT_EQ(monitor_.report().reason, "stopping");
}

TEST_F(StageMonitorTest, RatesAreOverTheLastFiveSeconds) {
  pass(1);
  for (int second = 0; second < 20; ++second) {
    counters_.collector.accepted.add(second < 10 ? 1000 : 200);
    pass(1);
  }
  EXPECT_DOUBLE_EQ(stage("collect").rate, 200);
}

TEST_F(StageMonitorTest, LagIsTheSumOverPartitions) {
  counters_.processing.partitions.of("user-activity/0").lag.set(3);
  counters_.processing.partitions.of("transactions/0").lag.set(4);
  pass(1);
  EXPECT_EQ(stage("process").lag, 7);
  EXPECT_EQ(stage("process").state, StageState::ok);
}

TEST_F(StageMonitorTest, LagOfPartitionsProcessedElsewhereIsWhatTheGroupHasNotCommitted) {
  counters_.processing.partitions.of("user-activity/0").lag.set(3);
  counters_.processing.partitions.of("user-activity/0").group_lag.set(100);
  counters_.processing.partitions.of("transactions/0").group_lag.set(50'000);
  pass(1);
  EXPECT_EQ(stage("process").lag, 50'003);
  EXPECT_EQ(stage("process").state, StageState::ok);
}

TEST_F(StageMonitorTest, WhatWaitsForOthersIsNoFaultOfThisProcess) {
  monitor_.open();
  counters_.processing.partitions.of("transactions/0").group_lag.set(50'000);
  pass(40);
  EXPECT_EQ(stage("process").state, StageState::ok);
  EXPECT_TRUE(monitor_.report().ready);
}

TEST_F(StageMonitorTest, LagThatIsNotKnownIsNotNone) {
  EXPECT_EQ(stage("process").lag, std::nullopt);
  counters_.processing.partitions.of("user-activity/0").lag.set(3);
  counters_.processing.partitions.of("transactions/0");
  pass(1);
  EXPECT_EQ(stage("process").lag, std::nullopt);
  EXPECT_THAT(stages_json(monitor_.report()),
              HasSubstr(R"("name":"process","state":"ok","rate":0.0,"lag":null)"));
}

TEST_F(StageMonitorTest, ALogThatIsAwayDegradesAndIsReadyAllTheSame) {
  monitor_.open();
  counters_.log.away.set("kafka does not answer");
  pass(1);
  EXPECT_TRUE(monitor_.report().ready);
  EXPECT_THAT(monitor_.report().degraded, testing::ElementsAre("log: kafka does not answer"));
}

TEST_F(StageMonitorTest, PushBackDegradesForTenSeconds) {
  pass(1);
  counters_.collector.pushed_back.add(2);
  pass(1);
  EXPECT_EQ(stage("collect").state, StageState::degraded);
  EXPECT_EQ(stage("collect").detail, "2 requests were told to come back later in the last 10 s");
  pass(11);
  EXPECT_EQ(stage("collect").state, StageState::ok);
}

TEST_F(StageMonitorTest, TroubleIsDownAndNotReadyWithItsReason) {
  monitor_.open();
  counters_.log.trouble.set("the disk is full");
  EXPECT_EQ(stage("log").state, StageState::down);
  EXPECT_FALSE(monitor_.report().ready);
  EXPECT_EQ(monitor_.report().reason, "log: the disk is full");
  counters_.log.trouble.clear();
  EXPECT_TRUE(monitor_.report().ready);
}

TEST_F(StageMonitorTest, ProcessingThatStandsStillWhileRecordsWaitIsDown) {
  monitor_.open();
  auto& partition = counters_.processing.partitions.of("user-activity/0");
  partition.processed.add(10);
  partition.lag.set(5);
  pass(30);
  EXPECT_EQ(stage("process").state, StageState::ok);
  pass(2);
  EXPECT_EQ(stage("process").state, StageState::down);
  EXPECT_THAT(monitor_.report().reason,
              HasSubstr("nothing was processed for 30 s while 5 records wait"));
  partition.processed.add(5);
  partition.lag.set(0);
  pass(1);
  EXPECT_TRUE(monitor_.report().ready);
}

TEST_F(StageMonitorTest, ALagOfMoreThanTenSecondsDegrades) {
  auto& partition = counters_.processing.partitions.of("user-activity/0");
  for (int second = 0; second < 8; ++second) {
    partition.processed.add(100);
    partition.lag.set(5000);
    pass(1);
  }
  EXPECT_EQ(stage("process").state, StageState::degraded);
  EXPECT_EQ(stage("process").detail, "5000 records behind");
}

TEST_F(StageMonitorTest, StatusIsTheContractsDocument) {
  monitor_.open();
  pass(2);
  const ProgramFacts program{
      .version = "1.2.3",
      .retention = {{"carts", std::chrono::days(30)}, {"metrics_1d", Milliseconds::max()}}};
  const auto json = nlohmann::json::parse(status_json(monitor_.report(), program, now_));
  EXPECT_EQ(json["ready"], true);
  EXPECT_FALSE(json.contains("reason"));
  EXPECT_EQ(json["version"], "1.2.3");
  EXPECT_EQ(json["time_zone"], "UTC");
  EXPECT_EQ(json["retention"], nlohmann::json::parse(R"({"carts":"30d","metrics_1d":"forever"})"));
  EXPECT_EQ(json["stages"].size(), 5U);
  EXPECT_EQ(json["stages"][0],
            nlohmann::json::parse(
                R"({"name":"collect","state":"ok","rate":0.0,"lag":0,"refused":0,"detail":""})"));
}

}  // namespace
}  // namespace bytebasket::analytics
