import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.hazelcast.function.ComparatorEx;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What of a line a question needs, taken by Jackson's streaming parser. Orders have lines. Of the copies of a message the
 * least rank counts: when it was received, or when it happened where a canonical event says just that.
 */
record Message(String id, String visitor, long happened, long rank, String currency, List<Line> lines)
    implements Serializable {
  record Line(String category, long micros) implements Serializable {}

  static final ComparatorEx<Message> BY_RANK = (a, b) -> Long.compare(a.rank, b.rank);

  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> OTHER_TRANSACTIONS =
      Set.of("Order Updated", "Order Refunded", "Order Cancelled", "Payment Attempted", "Fraud Labelled");

  /** Null for any other line. */
  static Message completedOrder(String line) throws IOException {
    return new Reader().read(line, true);
  }

  /** Null where it belongs to no session. */
  static Message ofSession(String line) throws IOException {
    return new Reader().read(line, false);
  }

  private static final class Reader {
    private String id;
    private String event;
    private String anonymousId;
    private String userId;
    private String timestamp;
    private String originalTimestamp;
    private String sentAt;
    private String receivedAt;
    private String currency;
    private List<Line> lines = List.of();

    Message read(String line, boolean orders) throws IOException {
      try (JsonParser json = JSON.createParser(line)) {
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
          String field = json.currentName();
          json.nextToken();
          // The shop names the event before its properties.
          if (field.equals("properties") && orders && "Order Completed".equals(event)) {
            readProperties(json);
          } else {
            take(field, json);
          }
        }
      }
      boolean wanted = orders ? "Order Completed".equals(event) : event == null || !OTHER_TRANSACTIONS.contains(event);
      if (!wanted) return null;
      String visitor = anonymousId != null ? anonymousId : userId;
      if (timestamp != null) return new Message(id, visitor, millis(timestamp), millis(timestamp), currency, lines);
      long received = millis(receivedAt);
      long happened = millis(originalTimestamp) + received - millis(sentAt);
      return new Message(id, visitor, happened, received, currency, lines);
    }

    private void take(String field, JsonParser json) throws IOException {
      switch (field) {
        case "messageId" -> id = json.getText();
        case "event" -> event = json.getText();
        case "anonymousId" -> anonymousId = json.getText();
        case "userId" -> userId = json.getText();
        case "timestamp" -> timestamp = json.getText();
        case "originalTimestamp" -> originalTimestamp = json.getText();
        case "sentAt" -> sentAt = json.getText();
        case "receivedAt" -> receivedAt = json.getText();
        default -> json.skipChildren();
      }
    }

    private void readProperties(JsonParser json) throws IOException {
      lines = new ArrayList<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        if (field.equals("currency")) {
          currency = json.getText();
        } else if (field.equals("products")) {
          while (json.nextToken() == JsonToken.START_OBJECT) lines.add(readLine(json));
        } else {
          json.skipChildren();
        }
      }
    }

    private static Line readLine(JsonParser json) throws IOException {
      String category = null;
      BigDecimal price = BigDecimal.ZERO;
      long quantity = 1;
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "category" -> category = json.getText();
          case "price" -> price = json.getDecimalValue();
          case "quantity" -> quantity = json.getLongValue();
          default -> json.skipChildren();
        }
      }
      return new Line(category, price.movePointRight(6).longValueExact() * quantity);
    }

    private static long millis(String time) {
      return Instant.parse(time).toEpochMilli();
    }
  }
}
