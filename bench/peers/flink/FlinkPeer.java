import java.io.PrintWriter;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** The questions of bench/peers, asked of Flink SQL as a batch job with two threads: FlinkPeer QUESTION EVENTS ROWS. */
public final class FlinkPeer {
  private static final String EVENTS =
      """
      CREATE TABLE events (
        messageId STRING, event STRING, %s
      ) WITH (
        'connector' = 'filesystem', 'path' = 'file://%s', 'format' = 'json', 'json.timestamp-format.standard' = 'ISO-8601'
      )""";

  private static final String TIMES =
      "originalTimestamp TIMESTAMP_LTZ(3), sentAt TIMESTAMP_LTZ(3), receivedAt TIMESTAMP_LTZ(3), ";
  private static final String HAPPENED = "CAST(originalTimestamp + ((receivedAt - sentAt) DAY TO SECOND) AS TIMESTAMP(3))";

  private static final String ORDERS =
      "properties ROW<currency STRING, products ARRAY<ROW<category STRING, price DECIMAL(18, 6), quantity BIGINT>>>";

  /** By minute, category and currency, of completed orders. Of the copies of a message the first counts. */
  private static final String REVENUE =
      """
      SELECT DATE_FORMAT(happened_in, 'yyyy-MM-dd''T''HH:mm:ss''Z'''), category, currency, CAST(revenue AS STRING)
      FROM (
        SELECT
          FLOOR(orders.happened TO MINUTE) AS happened_in, line.category AS category, orders.currency AS currency,
          CAST(SUM(line.price * line.quantity) AS DECIMAL(38, 6)) AS revenue
        FROM (
          SELECT
            %1$s AS happened,
            properties.currency AS currency, properties.products AS products,
            ROW_NUMBER() OVER (PARTITION BY messageId ORDER BY %2$s) AS copy
          FROM events WHERE event = 'Order Completed'
        ) AS orders
        CROSS JOIN UNNEST(orders.products) AS line (category, price, quantity)
        WHERE orders.copy = 1
        GROUP BY FLOOR(orders.happened TO MINUTE), line.category, orders.currency
      )""";

  private static final String VISITORS = "anonymousId STRING, userId STRING";

  /** By the hour they began in. They end after 30 minutes; of transactions only completed orders belong to them. */
  private static final String SESSIONS =
      """
      SELECT DATE_FORMAT(happened_in, 'yyyy-MM-dd''T''HH:mm:ss''Z'''), sessions
      FROM (
        SELECT FLOOR(happened TO HOUR) AS happened_in, COUNT(*) AS sessions
        FROM (
          SELECT happened, LAG(happened) OVER (PARTITION BY visitor ORDER BY happened) AS happened_before
          FROM (
            SELECT
              COALESCE(anonymousId, userId) AS visitor,
              %1$s AS happened,
              ROW_NUMBER() OVER (PARTITION BY messageId ORDER BY %2$s) AS copy
            FROM events
            WHERE event IS NULL
              OR event NOT IN ('Order Updated', 'Order Refunded', 'Order Cancelled', 'Payment Attempted', 'Fraud Labelled')
          )
          WHERE copy = 1
        )
        WHERE happened_before IS NULL OR happened > happened_before + INTERVAL '30' MINUTE
        GROUP BY FLOOR(happened TO HOUR)
      )""";

  public static void main(String[] arguments) throws Exception {
    Configuration configuration = new Configuration();
    configuration.set(CoreOptions.DEFAULT_PARALLELISM, 2);
    configuration.setString("table.local-time-zone", "UTC");
    configuration.setString("pipeline.object-reuse", "true");
    TableEnvironment tables =
        TableEnvironment.create(EnvironmentSettings.newInstance().inBatchMode().withConfiguration(configuration).build());
    boolean sessions = arguments[0].equals("sessions");
    boolean canonical = arguments[0].equals("canonical"); // such events say when they happened
    String times = canonical ? "`timestamp` TIMESTAMP_LTZ(3), " : TIMES;
    tables.executeSql(EVENTS.formatted(times + (sessions ? VISITORS : ORDERS), arguments[1]));
    String question =
        (sessions ? SESSIONS : REVENUE)
            .formatted(canonical ? "CAST(`timestamp` AS TIMESTAMP(3))" : HAPPENED, canonical ? "`timestamp`" : "receivedAt");
    try (PrintWriter out = new PrintWriter(arguments[2], "UTF-8");
        CloseableIterator<Row> rows = tables.executeSql(question).collect()) {
      out.println(sessions ? "time,sessions" : "time,category,currency,revenue");
      while (rows.hasNext()) {
        out.println(line(rows.next()));
      }
    }
  }

  private static String line(Row row) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < row.getArity(); ++i) {
      text.append(i == 0 ? "" : ",").append(row.getField(i));
    }
    return text.toString();
  }
}
