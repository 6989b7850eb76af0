// Error paths of the producer over librdkafka's mock cluster.
#include "streams/kafka/producer.hpp"

#include <future>

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "streams/kafka/handle.hpp"

namespace bytebasket::streams::kafka {
namespace {

constexpr int produce_request = 0;

class ProducerTest : public ::testing::Test {
 protected:
  ProducerTest() : topology_(4) {
    auto conf = configure(ClientKind::admin, {});
    auto handle = open_handle(ClientKind::admin, std::move(*conf));
    owner_ = std::move(*handle);
    cluster_ = rd_kafka_mock_cluster_new(owner_.get(), 1);
    for (std::size_t i = 0; i < stream_count; ++i) {
      const auto stream = static_cast<Stream>(i);
      rd_kafka_mock_topic_create(cluster_, topic_name(options_, stream).c_str(),
                                 topology_.partitions(stream), 1);
    }
    options_.properties.common["bootstrap.servers"] = rd_kafka_mock_cluster_bootstraps(cluster_);
    options_.properties.producer["linger.ms"] = "0";
    options_.properties.producer["delivery.timeout.ms"] = "60000";
  }
  ~ProducerTest() override {
    producer_.reset();
    rd_kafka_mock_cluster_destroy(cluster_);
  }

  void open() {
    auto producer = Producer::open(options_, topology_);
    ASSERT_TRUE(producer) << producer.error().message;
    producer_ = std::move(*producer);
  }

  /// Appends until it is stored, however slow the machine is.
  void store(const std::string& value) {
    while (!append(value).get()) continue;
  }

  std::future<Result<std::vector<AppendedAt>>> append(const std::string& value) {
    auto promise = std::make_shared<std::promise<Result<std::vector<AppendedAt>>>>();
    producer_->append({{.stream = Stream::transactions, .value = value}},
                      [promise](auto result) { promise->set_value(std::move(result)); });
    return promise->get_future();
  }

  KafkaLogOptions options_;
  Topology topology_;
  Handle owner_;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
  std::unique_ptr<Producer> producer_;
};

TEST_F(ProducerTest, TriesAgainWhatABrokerRefusesForAMoment) {
  open();
  rd_kafka_mock_push_request_errors(cluster_, produce_request, 2,
                                    RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                    RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
  const auto stored = append("a").get();
  ASSERT_TRUE(stored) << stored.error().message;
  EXPECT_EQ(stored->at(0).where.stream, Stream::transactions);
}

TEST_F(ProducerTest, SaysThatTheClusterIsAwayAndGoesOnWhenItIsBack) {
  options_.properties.producer["delivery.timeout.ms"] = "1500";
  options_.patience = Milliseconds(2'000);
  open();
  store("before");
  rd_kafka_mock_broker_set_down(cluster_, 1);
  const auto away = append("meanwhile").get();
  ASSERT_FALSE(away);
  EXPECT_TRUE(away.error().code == ErrorCode::unavailable ||
              away.error().code == ErrorCode::timed_out)
      << away.error().message;
  rd_kafka_mock_broker_set_up(cluster_, 1);
  // The client connects again within its back-off, which may be longer than a delivery may take.
  store("after");
}

TEST_F(ProducerTest, ReplacesAClientThatFailsForGood) {
  open();
  ASSERT_TRUE(append("before").get());
  producer_->fail_for_test();
  store("after");
  EXPECT_EQ(producer_->healed(), 1U);
}

TEST_F(ProducerTest, AnswersWhatIsUnderWayWhenItCloses) {
  options_.patience = Milliseconds(50);
  open();
  ASSERT_TRUE(append("before").get());
  rd_kafka_mock_broker_set_down(cluster_, 1);
  auto pending = append("meanwhile");
  producer_->close();
  EXPECT_FALSE(pending.get());
  const auto late = append("late").get();
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, ErrorCode::cancelled);
}

}  // namespace
}  // namespace bytebasket::streams::kafka
