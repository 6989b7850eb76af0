#include "analytics/prometheus.hpp"

#include <fstream>
#include <limits>
#include <utility>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

namespace bytebasket::analytics {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

/// Gathers families one after the other.
class Exposition {
 public:
  void counter(std::string_view name, std::string_view help, double value, Labels labels = {}) {
    add(name, help, MetricType::Counter, std::move(labels)).counter.value = value;
  }
  void counter(std::string_view name, std::string_view help, const Counter& counted,
               Labels labels = {}) {
    counter(name, help, static_cast<double>(counted.value()), std::move(labels));
  }
  void gauge(std::string_view name, std::string_view help, double value, Labels labels = {}) {
    add(name, help, MetricType::Gauge, std::move(labels)).gauge.value = value;
  }
  void gauge(std::string_view name, std::string_view help, const Gauge& measured,
             Labels labels = {}) {
    gauge(name, help, static_cast<double>(measured.value()), std::move(labels));
  }

  /// Nothing where it is unknown: 0 would be a statement.
  void gauge(std::string_view name, std::string_view help, const OptionalGauge& measured,
             Labels labels = {}) {
    if (const auto value = measured.value())
      gauge(name, help, static_cast<double>(*value), std::move(labels));
  }

  void histogram(std::string_view name, std::string_view help, const DurationHistogram& measured,
                 Labels labels = {}) {
    auto& histogram = add(name, help, MetricType::Histogram, std::move(labels)).histogram;
    std::uint64_t count = 0;
    for (std::size_t range = 0; range <= DurationHistogram::bounds.size(); ++range) {
      count += measured.in_range(range);
      const bool last = range == DurationHistogram::bounds.size();
      histogram.bucket.push_back({count, last ? std::numeric_limits<double>::infinity()
                                              : DurationHistogram::bounds[range]});
    }
    histogram.sample_count = count;
    histogram.sample_sum = measured.sum_seconds();
  }

  [[nodiscard]] std::string text() const {
    return prometheus::TextSerializer().Serialize(families_);
  }

 private:
  ClientMetric& add(std::string_view name, std::string_view help, MetricType type, Labels labels) {
    if (families_.empty() || families_.back().name != name) {
      families_.push_back({std::string(name), std::string(help), type, {}});
    }
    ClientMetric& metric = families_.back().metric.emplace_back();
    metric.label = std::move(labels);
    return metric;
  }

  std::vector<MetricFamily> families_;
};

void add_collector(Exposition& out, const CollectorCounters& collector) {
  out.counter("bytebasket_collector_requests_total", "Requests with events.", collector.requests);
  out.counter("bytebasket_collector_events_accepted_total",
              "Events acknowledged: they are on disk.", collector.accepted);
  out.counter("bytebasket_collector_events_refused_total", "Events sent to the dead letters.",
              collector.refused);
  out.counter("bytebasket_collector_requests_rejected_total",
              "Requests refused for their key, form or size.", collector.rejected);
  out.counter("bytebasket_collector_requests_pushed_back_total",
              "Requests told to come back later.", collector.pushed_back);
  out.gauge("bytebasket_collector_events_in_flight",
            "Events handed to the log and not yet acknowledged.", collector.in_flight);
}

void add_log(Exposition& out, const LogCounters& log) {
  out.counter("bytebasket_log_records_appended_total", "Records made durable.", log.appended);
  out.counter("bytebasket_log_bytes_appended_total", "Bytes of records made durable.", log.bytes);
  out.counter("bytebasket_log_append_failures_total", "Records that could not be written.",
              log.failed);
  out.gauge("bytebasket_log_records_queued", "Records that wait to be written.", log.queued);
  out.gauge("bytebasket_log_records_spooled",
            "Records on this machine's disk that wait for the log to be back.", log.spooled);
  out.histogram("bytebasket_log_commit_seconds", "Time to write and sync one group of records.",
                log.commit);
}

/// `user-activity/3` as labels.
Labels partition_labels(std::string_view label) {
  const std::size_t slash = label.rfind('/');
  if (slash == std::string_view::npos) return {{"stream", std::string(label)}};
  return {{"stream", std::string(label.substr(0, slash))},
          {"partition", std::string(label.substr(slash + 1))}};
}

void add_processing(Exposition& out, const ProcessingCounters& processing) {
  processing.partitions.for_each(
      [&out](std::string_view label, const PartitionCounters& partition) {
        out.counter("bytebasket_processing_records_total", "Records applied.", partition.processed,
                    partition_labels(label));
      });
  processing.partitions.for_each(
      [&out](std::string_view label, const PartitionCounters& partition) {
        out.gauge("bytebasket_processing_lag_records",
                  "Records in the log of which the tables do not know yet, of partitions processed "
                  "here.",
                  partition.lag, partition_labels(label));
      });
  processing.partitions.for_each(
      [&out](std::string_view label, const PartitionCounters& partition) {
        out.gauge("bytebasket_group_lag_records",
                  "Records in the log that the processors have not committed, whoever they are.",
                  partition.group_lag, partition_labels(label));
      });
  out.counter("bytebasket_processing_records_refused_total", "Records that could not be read.",
              processing.refused);
  out.counter("bytebasket_processing_flush_failures_total",
              "Flushes that failed and were repeated.", processing.flush_failures);
  out.histogram("bytebasket_processing_flush_seconds", "Time to write the changed rows.",
                processing.flush);
  out.gauge("bytebasket_processing_memory_bytes", "Memory of rows held between flushes.",
            processing.memory);
}

void add_tables_and_fraud(Exposition& out, const Counters& counters) {
  out.counter("bytebasket_tables_rows_written_total", "Rows written.", counters.tables.written);
  out.counter("bytebasket_tables_failures_total", "Reads and writes that failed.",
              counters.tables.failed);
  counters.fraud.decisions.for_each([&out](std::string_view decision, const Counter& count) {
    out.counter("bytebasket_fraud_decisions_total", "Decisions on transactions.", count,
                {{"decision", std::string(decision)}});
  });
  out.histogram("bytebasket_fraud_score_seconds", "Time from a request for a score to its answer.",
                counters.fraud.score);
}

void add_archive(Exposition& out, const ArchiveCounters& archive) {
  if (archive.running.value() == 0) return;
  archive.partitions.for_each([&out](std::string_view label, const PartitionCounters& partition) {
    out.counter("bytebasket_archive_records_total", "Records in published files of the lake.",
                partition.processed, partition_labels(label));
  });
  archive.partitions.for_each([&out](std::string_view label, const PartitionCounters& partition) {
    out.gauge("bytebasket_archive_lag_records", "Records in the log that are not in the lake yet.",
              partition.lag, partition_labels(label));
  });
  out.counter("bytebasket_archive_files_total", "Files published in the lake.", archive.files);
  out.counter("bytebasket_archive_bytes_total", "Bytes of the records in them, as in the log.",
              archive.bytes);
  out.counter("bytebasket_archive_failures_total",
              "Attempts to archive that failed and were repeated.", archive.failures);
}

/// `GET /api/v1/metrics` as labels.
Labels route_labels(std::string_view label) {
  const std::size_t space = label.find(' ');
  return {{"method", std::string(label.substr(0, space))},
          {"route", space == std::string_view::npos ? "" : std::string(label.substr(space + 1))}};
}

void add_api(Exposition& out, const ApiCounters& api) {
  api.routes.for_each([&out](std::string_view label, const RouteCounters& route) {
    for (std::size_t digit = 1; digit < route.answers.size(); ++digit) {
      if (route.answers[digit].value() == 0) continue;
      Labels labels = route_labels(label);
      labels.push_back({"status", std::to_string(digit) + "xx"});
      out.counter("bytebasket_http_requests_total", "Requests answered.", route.answers[digit],
                  std::move(labels));
    }
  });
  api.routes.for_each([&out](std::string_view label, const RouteCounters& route) {
    out.histogram("bytebasket_http_request_seconds", "Time from a request to its answer.",
                  route.latency, route_labels(label));
  });
  out.counter("bytebasket_api_queries_refused_total", "Queries told to come back later.",
              api.refused);
  out.gauge("bytebasket_api_queries_waiting", "Queries that wait for a thread.", api.waiting);
  out.gauge("bytebasket_api_live_clients", "Pages that follow live updates.", api.live_clients);
}

void add_stages(Exposition& out, const StageReport& stages) {
  for (const StageHealth& stage : stages.stages) {
    out.gauge("bytebasket_stage_up",
              "1 where a stage works (perhaps degraded), 0 where it is down.",
              stage.state == StageState::down ? 0 : 1, {{"stage", std::string(stage.name)}});
  }
  out.gauge("bytebasket_ready", "1 where events are accepted and processed.", stages.ready ? 1 : 0);
}

void add_process(Exposition& out, std::string_view version) {
  out.gauge("bytebasket_build_info", "The version that runs.", 1,
            {{"version", std::string(version)}});
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) == 0) {
    const auto seconds = [](const timeval& time) {
      return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    out.counter("process_cpu_seconds_total", "CPU time used.",
                seconds(usage.ru_utime) + seconds(usage.ru_stime));
  }
  std::ifstream statm("/proc/self/statm");
  std::int64_t size = 0;
  std::int64_t resident = 0;
  if (statm >> size >> resident) {
    out.gauge("process_resident_memory_bytes", "Memory in use.",
              static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)));
  }
}

}  // namespace

std::string prometheus_text(const Counters& counters, const StageReport& stages,
                            std::string_view version) {
  Exposition out;
  add_collector(out, counters.collector);
  add_log(out, counters.log);
  add_processing(out, counters.processing);
  add_tables_and_fraud(out, counters);
  add_archive(out, counters.archive);
  add_api(out, counters.api);
  add_stages(out, stages);
  add_process(out, version);
  return out.text();
}

}  // namespace bytebasket::analytics
