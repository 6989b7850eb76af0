// From the settings to the options of the Cassandra engine.
#pragma once

#include "base/result.hpp"
#include "schema/settings.hpp"
#if BYTEBASKET_CASSANDRA
#include "storage/cassandra/cassandra_options.hpp"
#endif

namespace bytebasket::app {

#if BYTEBASKET_CASSANDRA
Result<storage::CassandraOptions> cassandra_options(const schema::CassandraSettings& settings);
#endif

/// What to say where Cassandra is asked for and not built in.
Error without_cassandra();

}  // namespace bytebasket::app
