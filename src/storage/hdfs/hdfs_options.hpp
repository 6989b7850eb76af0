// How to reach an HDFS and how to keep files there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace bytebasket::storage {

struct HdfsOptions {
  /// `http://namenode-1:9870` (or https, an HttpFS, a Knox), tried in turn: a standby says that it
  /// is one.
  std::vector<std::string> name_nodes;
  std::string folder = "/bytebasket/lake";  ///< absolute
  std::string user;                         ///< `user.name`, where Kerberos does not say who we are
  bool kerberos = false;  ///< SPNEGO, with the ticket of the process (KRB5CCNAME, or a keytab's)
  int replication = 0;    ///< 0: what the cluster does by itself
  std::uint64_t block_size = 0;   ///< bytes; 0: what the cluster does by itself
  Milliseconds timeout{20'000};   ///< to connect, and without a byte moving
  Milliseconds patience{10'000};  ///< so long a call is tried again while no NameNode can serve it
  std::size_t chunk_bytes = 32 << 20;  ///< what a writer holds before it sends
};

}  // namespace bytebasket::storage
