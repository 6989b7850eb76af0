#include "contract/table_store_contract.hpp"
#include "storage/embedded/embedded_tables.hpp"
#include "support/temporary_folder.hpp"

namespace bytebasket::storage {
namespace {

class EmbeddedTablesUnderTest final : public StoreUnderTest {
 public:
  explicit EmbeddedTablesUnderTest(bool atomic) : atomic_(atomic) {}

  std::unique_ptr<TableStore> open() override {
    EmbeddedTablesOptions options;
    options.folder = folder_ / "tables";
    options.memory_bytes = 16 << 20;
    options.atomic = atomic_;
    auto tables = EmbeddedTables::open(options);
    EXPECT_TRUE(tables) << (tables ? "" : tables.error().message);
    return tables ? std::move(*tables) : nullptr;
  }

 private:
  const bool atomic_;
  TemporaryFolder folder_ = testing::temporary_folder();
};

const StoreEngine atomic{"atomic", [] { return std::make_unique<EmbeddedTablesUnderTest>(true); }};
const StoreEngine by_partition{"by_partition",
                               [] { return std::make_unique<EmbeddedTablesUnderTest>(false); }};

INSTANTIATE_TEST_SUITE_P(Embedded, TableStoreContract, ::testing::Values(atomic, by_partition));
INSTANTIATE_TEST_SUITE_P(Embedded, TableStoreScan, ::testing::Values(atomic, by_partition));
INSTANTIATE_TEST_SUITE_P(Embedded, TableStoreEnumeration, ::testing::Values(atomic, by_partition));

}  // namespace
}  // namespace bytebasket::storage
