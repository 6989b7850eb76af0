#include "app/engines/cassandra_settings.hpp"

namespace bytebasket::app {

#if BYTEBASKET_CASSANDRA
Result<storage::CassandraOptions> cassandra_options(const schema::CassandraSettings& settings) {
  storage::CassandraOptions options;
  options.contact_points = settings.contact_points;
  options.keyspace = settings.keyspace;
  options.replication = settings.replication;
  options.datacenter = settings.datacenter;
  options.user = settings.user;
  options.password = settings.password;
  options.tls = settings.tls;
  options.ca_file = settings.ca_file;
  options.tls_name = settings.tls_name;
  BB_ASSIGN_OR_RETURN(options.read_consistency,
                      storage::parse_consistency(settings.read_consistency));
  BB_ASSIGN_OR_RETURN(options.write_consistency,
                      storage::parse_consistency(settings.write_consistency));
  BB_ASSIGN_OR_RETURN(options.serial_consistency,
                      storage::parse_consistency(settings.serial_consistency));
  options.threads = static_cast<std::uint32_t>(settings.threads);
  options.connections = static_cast<std::uint32_t>(settings.connections);
  options.max_in_flight = static_cast<std::uint32_t>(settings.max_in_flight);
  options.connect_timeout = settings.connect_timeout;
  options.request_timeout = settings.request_timeout;
  options.retry_for = settings.retry_for;
  options.compression = settings.compression;
  return options;
}
#endif

Error without_cassandra() {
  return {ErrorCode::invalid_argument,
          "storage.engine: cassandra is not in this program: build it with the CMake option "
          "BYTEBASKET_CASSANDRA=ON"};
}

}  // namespace bytebasket::app
