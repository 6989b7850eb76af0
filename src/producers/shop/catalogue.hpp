// What the shop sells: 2,000 products of 60 brands in a tree of 8 departments and 40 categories,
// some far more popular than others. The same catalogue for every seed: a shop's assortment does
// not change with its visitors.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "producers/shop/random.hpp"

namespace bytebasket::producers::shop {

/// The currencies prices are given in.
enum class Money : std::uint8_t { eur, gbp, usd };
inline constexpr std::size_t money_count = 3;
std::string_view code_of(Money money);

struct Product {
  std::string id;
  std::string name;
  std::uint32_t category = 0;
  std::array<std::int64_t, money_count> cents{};
  /// `"product_id":"…","sku":"…","name":"…","brand":"…","category":"…","price":12.34` in each
  /// currency, ready to be sent.
  std::array<std::string, money_count> json;
};

class Catalogue {
 public:
  Catalogue();

  [[nodiscard]] const Product& product(std::size_t index) const { return products_[index]; }
  [[nodiscard]] std::size_t size() const { return products_.size(); }
  [[nodiscard]] std::string_view category_path(std::size_t category) const {
    return paths_[category];
  }

  /// A product by its popularity: the first of 2,000 is looked at more often than the last 1,000
  /// together.
  std::size_t choose(Random& random) const { return by_rank_[popularity_.choose(random)]; }
  /// A product of one category, the popular ones more often.
  std::size_t choose_in(std::size_t category, Random& random) const;
  std::size_t choose_category(Random& random) const { return category_popularity_.choose(random); }
  /// What thieves take: one of the dearest products.
  std::size_t choose_dear(Random& random) const {
    return dearest_[random.below(static_cast<std::uint32_t>(dearest_.size()))];
  }
  /// What people type into the search box.
  std::string_view choose_query(Random& random) const;

 private:
  void add_category(std::size_t department, std::size_t shelf, Random& random);

  std::vector<std::string> paths_;
  std::vector<Product> products_;
  std::vector<std::size_t> by_rank_;
  std::vector<std::size_t> dearest_;
  WeightedChoice popularity_;
  WeightedChoice category_popularity_;
  WeightedChoice shelf_popularity_;
  WeightedChoice query_popularity_;
};

/// `12.34`
void append_cents(std::string& out, std::int64_t cents);

}  // namespace bytebasket::producers::shop
