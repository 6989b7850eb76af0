#include "producers/shop/visit.hpp"

#include <array>

#include "producers/shop/purchase.hpp"

namespace bytebasket::producers::shop {

namespace {

// What people do, in per mille. Together they give a conversion of about 3 % of visits, three carts
// of four abandoned.
constexpr std::uint32_t bounces = 330;
constexpr std::uint32_t goes_on = 800;
constexpr std::uint32_t opens_list = 240;
constexpr std::uint32_t searches = 120;
constexpr std::uint32_t clicks_in_list = 350;
constexpr std::uint32_t adds_what_it_sees = 75;
constexpr std::uint32_t takes_out_again = 90;
constexpr std::uint32_t looks_into_cart = 800;
constexpr std::uint32_t goes_to_checkout = 430;
constexpr std::uint32_t finishes_step = 870;
constexpr std::uint32_t has_coupon = 120;
constexpr std::uint32_t is_declined = 60;
constexpr std::uint32_t tries_again = 650;
constexpr int checkout_steps = 3;

constexpr std::array<std::string_view, 6> campaigns = {
    "spring_sale", "newsletter", "retargeting", "brand_search", "influencer", "price_comparison"};
constexpr std::array<std::string_view, 3> coupons = {"WELCOME10", "SPRING10", "FRIENDS10"};

/// One honest visit from its first page to its aftermath.
class Visit {
 public:
  Visit(Actor& actor, const Catalogue& catalogue)
      : actor_(actor), catalogue_(catalogue), money_(actor.who().money) {}

  void play() {
    arrive();
    if (chance(bounces)) return;
    do {
      actor_.wait(4'000, 45'000);
      look_round();
    } while (chance(goes_on));
    if (basket_.lines.empty() || actor_.offline()) return;
    if (chance(looks_into_cart)) {
      actor_.wait(2'000, 20'000);
      view_basket(actor_, basket_);
    }
    if (chance(goes_to_checkout)) check_out();
  }

 private:
  bool chance(std::uint32_t per_mille) { return actor_.random().per_mille(per_mille); }

  void arrive() {
    if (!actor_.who().app && chance(250)) actor_.come_by(actor_.random().pick(campaigns));
    if (!actor_.who().user_id.empty() && chance(500)) actor_.log_in();
    actor_.wait(50, 400);
    actor_.look_at(chance(600) ? "Home" : "Landing");
  }

  void look_round() {
    if (chance(opens_list)) {
      const std::size_t category = catalogue_.choose_category(actor_.random());
      open_list(category);
      if (!chance(clicks_in_list)) return;
      actor_.wait(2'000, 20'000);
      look_at(catalogue_.choose_in(category, actor_.random()), "Product Clicked");
    } else if (chance(searches)) {
      search();
    } else {
      look_at(catalogue_.choose(actor_.random()), "Product Viewed");
    }
  }

  void open_list(std::size_t category) {
    actor_.look_at("Category");
    std::string& json = actor_.track("Product List Viewed", actor_.client());
    json += R"("list_id":"category","category":")";
    json += catalogue_.category_path(category);
    json += R"(","products":[)";
    const std::uint32_t shown = 3 + actor_.random().below(3);
    for (std::uint32_t position = 1; position <= shown; ++position) {
      const Product& product = catalogue_.product(catalogue_.choose_in(category, actor_.random()));
      json += position == 1 ? "{" : ",{";
      json += product.json[static_cast<std::size_t>(money_)];
      json += R"(,"position":)" + std::to_string(position) + '}';
    }
    json += ']';
    actor_.done();
  }

  void search() {
    std::string& json = actor_.track("Products Searched", actor_.client());
    json += R"("query":")";
    json += catalogue_.choose_query(actor_.random());
    json += '"';
    actor_.done();
  }

  void look_at(std::size_t index, std::string_view how) {
    const Product& product = catalogue_.product(index);
    tell_of(product, how);
    if (how != "Product Viewed") {
      actor_.wait(200, 900);
      tell_of(product, "Product Viewed");
    }
    if (!chance(adds_what_it_sees)) return;
    actor_.wait(3'000, 60'000);
    add_to_basket(actor_, basket_, product, chance(150) ? 2 + actor_.random().below(3) : 1);
    if (!chance(takes_out_again)) return;
    actor_.wait(5'000, 60'000);
    remove_from_basket(actor_, basket_);
  }

  void tell_of(const Product& product, std::string_view event) {
    std::string& json = actor_.track(event, actor_.client());
    json += product.json[static_cast<std::size_t>(money_)];
    json += R"(,"currency":")";
    json += code_of(money_);
    json += '"';
    actor_.done();
  }

  void check_out() {
    actor_.wait(2'000, 30'000);
    if (!actor_.logged_in()) {
      actor_.make_account();
      actor_.log_in();
    }
    Order order = make_order(
        actor_, basket_, chance(has_coupon) ? actor_.random().pick(coupons) : std::string_view());
    order.checkout_id = actor_.unique_id("checkout-");
    checkout_event("Checkout Started", order, 1);
    for (int step = 1; step <= checkout_steps; ++step) {
      actor_.wait(300, 2'000);
      checkout_event("Checkout Step Viewed", order, step);
      actor_.wait(8'000, 60'000);
      if (!chance(finishes_step)) return;
      checkout_event("Checkout Step Completed", order, step);
    }
    checkout_event("Payment Info Entered", order, checkout_steps);
    if (pay(order)) aftermath(order);
  }

  void checkout_event(std::string_view event, const Order& order, int step) {
    std::string& json = actor_.track(event, actor_.client());
    json += R"("checkout_id":")" + order.checkout_id + R"(","cart_id":")" + basket_.cart_id +
            R"(","step":)" + std::to_string(step) + R"(,"value":)";
    append_cents(json, order.total());
    json += R"(,"currency":")";
    json += code_of(money_);
    json += '"';
    actor_.done();
  }

  bool pay(const Order& order) {
    actor_.wait(500, 3'000);
    if (chance(is_declined)) {
      attempt_payment(actor_, order.id, order.total(), "declined");
      if (!chance(tries_again)) return false;
      actor_.wait(5'000, 90'000);
      if (chance(400)) actor_.use_card(card_fingerprint(actor_.random()));
    }
    attempt_payment(actor_, order.id, order.total(), "approved");
    actor_.wait(50, 400);
    complete_order(actor_, order);
    return true;
  }

  void aftermath(Order& order) {
    if (chance(20)) {
      actor_.wait(600'000, 7'200'000);
      cancel_order(actor_, order);
      return;
    }
    if (chance(60)) {
      actor_.wait(300'000, 3'600'000);
      if (chance(400)) {  // the shopper adds one more piece of the first product
        order.lines.front().quantity += 1;
        Basket changed;
        changed.lines = order.lines;
        const Order again = make_order(actor_, changed, order.coupon);
        order.subtotal = again.subtotal;
        order.discount = again.discount;
        order.shipping = again.shipping;
        order.tax = again.tax;
      }
      update_order(actor_, order, "packed");
    }
    if (chance(25)) {
      actor_.wait_days(1, 3);
      label_order(actor_, order, "legitimate");
    }
    if (chance(70)) {
      actor_.wait_days(2, 14);
      refund_order(actor_, order, chance(500));
    }
  }

  Actor& actor_;
  const Catalogue& catalogue_;
  Money money_;
  Basket basket_;
};

}  // namespace

void play_visit(Actor& actor, const Catalogue& catalogue) { Visit(actor, catalogue).play(); }

}  // namespace bytebasket::producers::shop
