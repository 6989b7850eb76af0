import static org.apache.spark.sql.functions.*;

import java.io.PrintWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/** The questions of bench/peers, asked of Spark SQL with two threads: SparkPeer QUESTION EVENTS ROWS. */
public final class SparkPeer {
  private static final String COLUMNS = "messageId STRING, event STRING, ";
  private static final String TIMES = "originalTimestamp TIMESTAMP, sentAt TIMESTAMP, receivedAt TIMESTAMP, ";
  private static final String HAPPENED =
      "timestamp_millis(unix_millis(originalTimestamp) + unix_millis(receivedAt) - unix_millis(sentAt)) AS happened";

  public static void main(String[] arguments) throws Exception {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate();
    boolean sessions = arguments[0].equals("sessions");
    boolean canonical = arguments[0].equals("canonical");
    Dataset<Row> rows = sessions ? sessions(spark, arguments[1]) : revenue(spark, arguments[1], canonical);
    try (PrintWriter out = new PrintWriter(arguments[2], "UTF-8")) {
      out.println(sessions ? "time,sessions" : "time,category,currency,revenue");
      for (Row row : rows.collectAsList()) {
        out.println(row.mkString(","));
      }
    }
    spark.stop();
  }

  /** By minute, category and currency, of completed orders. Canonical events say when they happened. */
  private static Dataset<Row> revenue(SparkSession spark, String events, boolean canonical) {
    String lines = "ARRAY<STRUCT<category: STRING, price: DECIMAL(18, 6), quantity: BIGINT>>";
    String properties = "properties STRUCT<currency: STRING, products: " + lines + ">";
    String columns = COLUMNS + (canonical ? "timestamp TIMESTAMP, " : TIMES) + properties;
    return once(spark.read().schema(columns).json(events).where("event = 'Order Completed'"), canonical ? "timestamp" : "receivedAt")
        .selectExpr(canonical ? "timestamp AS happened" : HAPPENED, "properties.currency AS currency", "explode(properties.products) AS line")
        .groupBy(date_trunc("minute", col("happened")).as("minute"), col("line.category").as("category"), col("currency"))
        .agg(expr("CAST(sum(line.price * line.quantity) AS DECIMAL(38, 6))").as("revenue"))
        .selectExpr("date_format(minute, \"yyyy-MM-dd'T'HH:mm:ss'Z'\")", "category", "currency", "CAST(revenue AS STRING)");
  }

  /** By the hour they began in. They end after 30 minutes; of transactions only completed orders belong to them. */
  private static Dataset<Row> sessions(SparkSession spark, String events) {
    String others = "('Order Updated', 'Order Refunded', 'Order Cancelled', 'Payment Attempted', 'Fraud Labelled')";
    return once(
            spark
                .read()
                .schema(COLUMNS + TIMES + "anonymousId STRING, userId STRING")
                .json(events)
                .where("event IS NULL OR event NOT IN " + others),
            "receivedAt")
        .selectExpr("coalesce(anonymousId, userId) AS visitor", HAPPENED)
        .withColumn("before", lag("happened", 1).over(Window.partitionBy("visitor").orderBy("happened")))
        .where("before IS NULL OR happened > before + INTERVAL 30 MINUTES")
        .groupBy(date_trunc("hour", col("happened")).as("hour"))
        .count()
        .selectExpr("date_format(hour, \"yyyy-MM-dd'T'HH:mm:ss'Z'\")", "count");
  }

  /** Of the copies of a message the first. */
  private static Dataset<Row> once(Dataset<Row> messages, String firstBy) {
    return messages
        .withColumn("copy", row_number().over(Window.partitionBy("messageId").orderBy(firstBy)))
        .where("copy = 1");
  }
}
