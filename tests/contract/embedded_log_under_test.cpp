#include "contract/event_log_contract.hpp"
#include "streams/embedded/embedded_log.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::streams {
namespace {

class EmbeddedLogUnderTest final : public LogUnderTest {
 public:
  std::unique_ptr<EventLog> open(const LogConditions& conditions) override {
    EmbeddedLogOptions options;
    options.folder = folder_ / "log";
    options.user_activity_partitions = conditions.user_activity_partitions;
    options.max_queued_records = conditions.max_queued_records;
    auto log = EmbeddedLog::open(options);
    EXPECT_TRUE(log) << (log ? "" : log.error().message);
    return log ? std::move(*log) : nullptr;
  }

 private:
  TemporaryFolder folder_ = testing::temporary_folder();
};

const LogEngine embedded{"embedded", [] { return std::make_unique<EmbeddedLogUnderTest>(); }};

INSTANTIATE_TEST_SUITE_P(Embedded, EventLogContract, ::testing::Values(embedded));
INSTANTIATE_TEST_SUITE_P(Embedded, EventLogRetention, ::testing::Values(embedded));

}  // namespace
}  // namespace bytebasket::streams
