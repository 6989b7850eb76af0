#include "contract/event_log_contract.hpp"
#include "support/kafka_under_test.hpp"

namespace bytebasket::streams {
namespace {

class KafkaLogUnderTest final : public LogUnderTest {
 public:
  std::unique_ptr<EventLog> open(const LogConditions& conditions) override {
    kafka_.options().user_activity_partitions = conditions.user_activity_partitions;
    kafka_.options().max_queued_records = conditions.max_queued_records;
    return kafka_.open();
  }

 private:
  testing::KafkaUnderTest kafka_;
};

const LogEngine kafka_engine{"kafka", [] { return std::make_unique<KafkaLogUnderTest>(); }};

INSTANTIATE_TEST_SUITE_P(Kafka, EventLogContract, ::testing::Values(kafka_engine));
INSTANTIATE_TEST_SUITE_P(Kafka, EventLogRetention, ::testing::Values(kafka_engine));

}  // namespace
}  // namespace bytebasket::streams
