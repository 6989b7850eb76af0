#include "app/configuration/kept_times.hpp"

namespace bytebasket::app {

KeptTimes kept_times(const schema::RetentionSettings& retention) {
  return {{"metrics_1m", retention.metrics_1m},
          {"metrics_1h", retention.metrics_1h},
          {"metrics_1d", retention.metrics_1d},
          {"transactions", retention.transactions},
          {"carts", retention.carts}};
}

}  // namespace bytebasket::app
