// Writes to and reads from an embedded log for the tests that kill it.
//
//   log_probe append FOLDER   appends until it is killed; a line for each answer: "ok OFFSET VALUE"
//   or "refused VALUE" log_probe dump FOLDER     every record of the transactions stream: "OFFSET
//   VALUE"
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <unistd.h>

#include "streams/embedded/embedded_log.hpp"

namespace {

using namespace bytebasket;
using namespace bytebasket::streams;

constexpr TopicPartition transactions{Stream::transactions, PartitionId(0)};

/// One write(), so that a line is whole or not there when the process is killed.
void say(const std::string& line) {
  if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) ::_exit(1);
}

[[noreturn]] void append_for_ever(EmbeddedLog& log, int writer) {
  for (int call = 0;; ++call) {
    std::vector<NewRecord> records;
    std::vector<std::string> values;
    for (int i = 0; i <= call % 5; ++i) {
      values.push_back(std::to_string(::getpid()) + ":" + std::to_string(writer) + ":" +
                       std::to_string(call) + ":" + std::to_string(i));
      NewRecord record;
      record.stream = Stream::transactions;
      record.value = values.back() + std::string(static_cast<std::size_t>(call * 37 % 3000), 'x');
      records.push_back(std::move(record));
    }
    const auto places = append_and_wait(log, std::move(records));
    for (std::size_t i = 0; i < values.size(); ++i) {
      say(places ? "ok " + std::to_string((*places)[i].offset.value()) + " " + values[i] + "\n"
                 : "refused " + values[i] + "\n");
    }
    if (!places) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

int dump(EmbeddedLog& log) {
  for (Offset next(0);;) {
    const auto batch = log.read(transactions, next, {});
    if (!batch) return std::fprintf(stderr, "%s\n", batch.error().message.c_str()), 1;
    if (batch->empty()) return 0;
    for (const Record& record : batch->records()) {
      say(std::to_string(record.offset.value()) + " " +
          std::string(record.value.substr(0, record.value.find('x'))) + "\n");
    }
    next = batch->records().back().offset.next();
  }
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 3) return std::fprintf(stderr, "usage: log_probe append|dump FOLDER\n"), 64;
  EmbeddedLogOptions options;
  options.folder = arguments[2];
  // Small enough that a run of a second flushes table files too.
  options.memory.write_buffer_bytes = 4 << 20;
  const auto log = EmbeddedLog::open(options);
  if (!log) return std::fprintf(stderr, "%s\n", log.error().message.c_str()), 1;
  if (std::string(arguments[1]) == "dump") return dump(**log);
  std::vector<std::thread> writers;
  for (int writer = 0; writer < 8; ++writer) {
    writers.emplace_back([&log = **log, writer] { append_for_ever(log, writer); });
  }
  for (auto& writer : writers) writer.join();
}
