import static com.hazelcast.jet.datamodel.Tuple3.tuple3;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.jet.Traversers;
import com.hazelcast.jet.aggregate.AggregateOperations;
import com.hazelcast.jet.datamodel.Tuple3;
import com.hazelcast.jet.pipeline.BatchStage;
import com.hazelcast.jet.pipeline.Pipeline;
import com.hazelcast.jet.pipeline.Sinks;
import com.hazelcast.jet.pipeline.file.FileFormat;
import com.hazelcast.jet.pipeline.file.FileSources;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The questions of bench/peers, asked of Hazelcast Jet in this process with two threads: JetPeer QUESTION EVENTS ROWS. */
public final class JetPeer {
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long GAP = 30 * MINUTE;

  public static void main(String[] arguments) throws Exception {
    HazelcastInstance member = Hazelcast.newHazelcastInstance(configuration());
    boolean sessions = arguments[0].equals("sessions");
    Pipeline pipeline = Pipeline.create();
    BatchStage<String> lines = lines(pipeline, Path.of(arguments[1]));
    (sessions ? sessions(lines) : revenue(lines)).writeTo(Sinks.list("rows"));
    member.getJet().newJob(pipeline).join();
    try (PrintWriter out = new PrintWriter(arguments[2], "UTF-8")) {
      out.println(sessions ? "time,sessions" : "time,category,currency,revenue");
      List<String> rows = member.getList("rows");
      for (String row : new ArrayList<>(rows)) {
        out.println(row);
      }
    }
    member.shutdown();
  }

  private static Config configuration() {
    Config config = new Config();
    config.setProperty("hazelcast.logging.type", "none");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getJetConfig().setEnabled(true).setCooperativeThreadCount(2);
    return config;
  }

  private static BatchStage<String> lines(Pipeline pipeline, Path events) {
    return pipeline
        .readFrom(
            FileSources.files(events.getParent().toString())
                .glob(events.getFileName().toString())
                .format(FileFormat.lines())
                .build())
        .rebalance();
  }

  /** By minute, category and currency, of completed orders. Of the copies of a message the first counts. */
  private static BatchStage<String> revenue(BatchStage<String> lines) {
    return lines
        .flatMap(line -> Traversers.singleton(Message.completedOrder(line)))
        .groupingKey(Message::id)
        .aggregate(AggregateOperations.minBy(Message.BY_RANK))
        .flatMap(entry -> Traversers.traverseStream(lines(entry.getValue())))
        .groupingKey(Map.Entry::getKey)
        .aggregate(AggregateOperations.summingLong(Map.Entry::getValue))
        .map(row -> Instant.ofEpochMilli(row.getKey().f0()) + "," + row.getKey().f1() + "," + row.getKey().f2() + ","
            + BigDecimal.valueOf(row.getValue(), 6).toPlainString());
  }

  private static Stream<Map.Entry<Tuple3<Long, String, String>, Long>> lines(Message order) {
    long minute = order.happened() - Math.floorMod(order.happened(), MINUTE);
    return order.lines().stream().map(line -> Map.entry(tuple3(minute, line.category(), order.currency()), line.micros()));
  }

  /** By the hour they began in. They end after 30 minutes; of transactions only completed orders belong to them. */
  private static BatchStage<String> sessions(BatchStage<String> lines) {
    return lines
        .flatMap(line -> Traversers.singleton(Message.ofSession(line)))
        .groupingKey(Message::id)
        .aggregate(AggregateOperations.minBy(Message.BY_RANK))
        .map(Map.Entry::getValue)
        .groupingKey(Message::visitor)
        .aggregate(AggregateOperations.mapping(Message::happened, AggregateOperations.toList()))
        .flatMap(visitor -> Traversers.traverseStream(starts(visitor.getValue())))
        .groupingKey(start -> start - Math.floorMod(start, HOUR))
        .aggregate(AggregateOperations.counting())
        .map(row -> Instant.ofEpochMilli(row.getKey()) + "," + row.getValue());
  }

  private static Stream<Long> starts(List<Long> times) {
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    List<Long> starts = new ArrayList<>();
    for (int i = 0; i < sorted.length; ++i) {
      if (i == 0 || sorted[i] - sorted[i - 1] > GAP) {
        starts.add(sorted[i]);
      }
    }
    return starts.stream();
  }
}
