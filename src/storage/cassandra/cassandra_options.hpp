// How Cassandra is reached and asked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace bytebasket::storage {

/// How many replicas must agree, as the protocol numbers it.
enum class Consistency : std::uint16_t {
  one = 1,
  two = 2,
  three = 3,
  quorum = 4,
  all = 5,
  local_quorum = 6,
  each_quorum = 7,
  serial = 8,
  local_serial = 9,
  local_one = 10,
};

/// Of its name in lower case; `invalid_argument` for no such name.
Result<Consistency> parse_consistency(std::string_view name);

struct CassandraOptions {
  std::vector<std::string> contact_points;  ///< host:port
  std::string keyspace;
  /// `["3"]`: three replicas wherever; `["dc1:3", "dc2:3"]`: in each datacenter.
  std::vector<std::string> replication{"1"};
  std::string datacenter;  ///< whose nodes are asked; empty: any
  std::string user;        ///< empty: no password is sent
  std::string password;
  bool tls = false;
  std::string ca_file;  ///< the only authorities that are believed; empty: the system's
  /// The host name that every node's certificate must carry; empty: the address it is reached at.
  std::string tls_name;
  Consistency read_consistency = Consistency::local_quorum;
  Consistency write_consistency = Consistency::local_quorum;
  Consistency serial_consistency = Consistency::serial;
  std::uint32_t threads = 1;
  std::uint32_t connections = 1;  ///< to each node
  std::uint32_t max_in_flight = 256;
  Milliseconds connect_timeout{5000};
  Milliseconds request_timeout{10'000};
  Milliseconds retry_for{10'000};  ///< how long an idempotent statement is tried again
  bool compression = false;
};

}  // namespace bytebasket::storage
