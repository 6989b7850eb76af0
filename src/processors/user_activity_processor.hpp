// User activity → visitors, sessions, carts and their facts. One processor for each partition of
// the stream.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "processors/processor.hpp"
#include "processors/state_cache.hpp"
#include "processors/visitor.hpp"

namespace bytebasket::processors {

struct UserActivityOptions {
  Milliseconds session_gap{30 *
                           60'000};  ///< a pause longer than this ends a session; at most one day
  Milliseconds cart_retention =
      Milliseconds::max();  ///< how long rows of carts_by_activity are kept
};

/// See processor.hpp. What an event does:
///  1. Its message id is looked up in the visitor's day of its original time; a known one changes
///  nothing.
///  2. It states a fact of itself, and one of each product line (markers of orders state none).
///  3. It extends, joins or begins a session, and changes a cart; both are restated before each
///  flush.
class UserActivityProcessor final : public Processor {
 public:
  explicit UserActivityProcessor(UserActivityOptions options) : options_(options) {}

  [[nodiscard]] events::EventFields fields() const override {
    return events::EventFields::without_contact;
  }
  void begin_empty(std::size_t bytes) override;
  void missing(std::span<const LoggedEvent> batch, std::vector<storage::RowKey>& keys) override;
  Status loaded(const storage::RowKey& key, const std::optional<storage::StoredRow>& row) override;
  void apply(std::span<const LoggedEvent> batch, metrics::FactSink& facts) override;
  Status control(std::string_view document, Position position) override;
  void restate(metrics::FactSink& facts) override;
  Levels drain(Position upto) override;
  [[nodiscard]] std::size_t memory() const override;
  void shrink(std::size_t target) override;

 private:
  using Days = StateCache<VisitorDay>;
  using Carts = StateCache<VisitorCartsRow>;
  using NamedSessions = StateCache<NamedSession>;

  struct Taken {
    std::string visitor;
    Session session;
  };

  /// The entries that an event of the batch in hand needs, looked up once.
  struct Needed {
    std::int64_t number = 0;                ///< of the day of its message id
    std::uint64_t hash = 0;                 ///< of its key
    std::int64_t near = 0;                  ///< a day that a session of the event may reach into,
    std::uint64_t near_hash = 0;            ///< and the hash of its key; `number` where it is none
    Days::Entry* day = nullptr;             ///< of its message id
    Days::Entry* day_before = nullptr;      ///< where a repetition may stand there,
    Days::Entry* day_after = nullptr;       ///< or there, and the row exists
    Carts::Entry* carts = nullptr;          ///< where it concerns a cart
    NamedSessions::Entry* named = nullptr;  ///< where it names its session
  };

  /// nullptr where the row never was.
  Days::Entry* find_day(std::string_view visitor, std::int64_t number);
  Days::Entry& day_to_change(std::string_view visitor, std::int64_t number);
  bool is_without_sessions(std::string_view visitor, std::int64_t number);
  Days::Entry& ask_for_day(std::string_view visitor, std::int64_t number,
                           std::vector<storage::RowKey>& keys);
  Days::Entry& ask_for_day(std::string_view visitor, std::int64_t number, std::uint64_t hash,
                           std::vector<storage::RowKey>& keys);
  Days::Entry* look_at_day(std::string_view visitor, std::int64_t number, const Needed& needed,
                           std::vector<storage::RowKey>& keys);
  void ask_for_session_days(const LoggedEvent& event, const Needed& needed,
                            std::vector<storage::RowKey>& keys);
  void look_up(const LoggedEvent& event, Needed& needed, std::vector<storage::RowKey>& keys);
  void fetch_places(std::span<const LoggedEvent> batch);

  void apply_one(const LoggedEvent& event, const Needed& needed, metrics::FactSink& facts);
  bool is_duplicate(const LoggedEvent& event, const Needed& needed);
  void add_to_named_session(const LoggedEvent& event, NamedSessions::Entry& entry);
  void add_to_gap_session(const LoggedEvent& event, const Needed& needed);
  bool add_within_day(const LoggedEvent& event, Days::Entry& entry);
  std::vector<std::int64_t> session_days(std::string_view visitor, Timestamp time);
  void take_back(std::string_view visitor, Session& session);
  void add_to_carts(const LoggedEvent& event, Carts::Entry& entry);
  void emit_cart_rows(std::string_view visitor, const VisitorCartsRow& row, Position upto,
                      std::vector<storage::Mutation>& out) const;

  UserActivityOptions options_;
  Days days_;
  Carts carts_;
  NamedSessions named_sessions_;
  std::vector<Needed> needed_;     ///< by the batch in hand
  bool settled_ = false;           ///< what was asked for is all that the batch in hand needs
  std::vector<Taken> taken_back_;  ///< sessions as they were stated, changed since
  std::string key_;                ///< scratch: the cache key being built
};

}  // namespace bytebasket::processors
