#include "producers/shop/catalogue.hpp"

#include <algorithm>
#include <numeric>

namespace bytebasket::producers::shop {

namespace {

constexpr std::size_t products_per_category = 50;

struct Department {
  std::string_view name;
  std::int64_t cheapest_cents;
  std::int64_t dearest_cents;
  std::array<std::string_view, 5> shelves;
};

constexpr std::array<Department, 8> departments = {{
    {"Electronics", 1990, 149'900, {"Phones", "Laptops", "Audio", "Cameras", "Accessories"}},
    {"Fashion", 990, 24'900, {"Shoes", "Jackets", "Shirts", "Dresses", "Bags"}},
    {"Home", 590, 49'900, {"Kitchen", "Lighting", "Bedding", "Furniture", "Decoration"}},
    {"Sports", 790, 39'900, {"Running", "Cycling", "Camping", "Fitness", "Swimming"}},
    {"Toys", 490, 12'900, {"Building Blocks", "Puzzles", "Board Games", "Dolls", "Outdoor Toys"}},
    {"Beauty", 390, 8990, {"Skin Care", "Fragrance", "Hair", "Make-up", "Bath"}},
    {"Books", 490, 4990, {"Novels", "Children", "Cooking", "Travel", "Science"}},
    {"Garden", 290, 29'900, {"Plants", "Tools", "Barbecue", "Pots", "Watering"}},
}};

constexpr std::array<std::string_view, 15> brand_roots = {"Nor",  "Alba", "Ken",  "Vero",  "Lumi",
                                                          "Tara", "Osk",  "Mira", "Fjell", "Sol",
                                                          "Brio", "Cado", "Zeph", "Ulma",  "Rian"};
constexpr std::array<std::string_view, 4> brand_ends = {"dal", "tec", "ia", "wood"};
constexpr std::array<std::string_view, 20> adjectives = {
    "Classic", "Light",   "Urban",   "Nordic", "Compact", "Soft",  "Bold",
    "Pure",    "Vintage", "Smart",   "Active", "Cosy",    "Fresh", "Grand",
    "Little",  "Deep",    "Natural", "Bright", "Quiet",   "Swift"};
constexpr std::array<std::string_view, 24> queries = {
    "running shoes", "laptop 14",   "headphones",    "birthday gift", "black dress",  "desk lamp",
    "rain jacket",   "puzzle 1000", "tent 2 person", "face cream",    "phone case",   "barbecue",
    "yoga mat",      "cook book",   "backpack",      "bed linen",     "camera lens",  "bike light",
    "doll house",    "perfume",     "garden chair",  "novel",         "swim goggles", "coffee mug"};

/// Prices lie closer together at the cheap end, and end in .90 or .99 as prices do.
std::int64_t draw_price(const Department& department, Random& random) {
  const std::int64_t span = department.dearest_cents - department.cheapest_cents;
  const auto part = static_cast<std::int64_t>(random.below(1000));
  const std::int64_t raw = department.cheapest_cents + span * part / 1000 * part / 1000;
  return raw / 100 * 100 + (random.per_mille(500) ? 90 : 99);
}

std::string product_json(const Product& product, std::string_view brand, std::string_view path,
                         std::int64_t cents) {
  std::string json = "\"product_id\":\"" + product.id + "\",\"sku\":\"SKU-" + product.id.substr(2) +
                     "\",\"name\":\"" + product.name + "\",\"brand\":\"";
  json += brand;
  json += "\",\"category\":\"";
  json += path;
  json += "\",\"price\":";
  append_cents(json, cents);
  return json;
}

}  // namespace

std::string_view code_of(Money money) {
  static constexpr std::array<std::string_view, money_count> codes = {"EUR", "GBP", "USD"};
  return codes[static_cast<std::size_t>(money)];
}

void append_cents(std::string& out, std::int64_t cents) {
  if (cents < 0) {
    out += '-';
    cents = -cents;
  }
  out += std::to_string(cents / 100);
  out += '.';
  out += static_cast<char>('0' + cents % 100 / 10);
  out += static_cast<char>('0' + cents % 10);
}

Catalogue::Catalogue()
    : popularity_(WeightedChoice::zipf(departments.size() * 5 * products_per_category)),
      category_popularity_(WeightedChoice::zipf(departments.size() * 5)),
      shelf_popularity_(WeightedChoice::zipf(products_per_category)),
      query_popularity_(WeightedChoice::zipf(queries.size())) {
  Random random(0x5A09);
  for (std::size_t shelf = 0; shelf < 5; ++shelf) {
    for (std::size_t department = 0; department < departments.size(); ++department) {
      add_category(department, shelf, random);
    }
  }
  // 733 and the number of products have no common factor, so every product gets one rank and ranks
  // cross categories.
  by_rank_.resize(products_.size());
  for (std::size_t rank = 0; rank < by_rank_.size(); ++rank)
    by_rank_[rank] = (rank * 733 + 17) % products_.size();

  dearest_.resize(products_.size());
  std::iota(dearest_.begin(), dearest_.end(), std::size_t{0});
  std::sort(dearest_.begin(), dearest_.end(), [this](std::size_t a, std::size_t b) {
    const std::int64_t first = products_[a].cents[0];
    const std::int64_t second = products_[b].cents[0];
    return first != second ? first > second : a < b;
  });
  dearest_.resize(60);
}

void Catalogue::add_category(std::size_t department_index, std::size_t shelf, Random& random) {
  const Department& department = departments[department_index];
  const std::string_view shelf_name = department.shelves[shelf];
  paths_.push_back(std::string(department.name) + "/" + std::string(shelf_name));
  for (std::size_t i = 0; i < products_per_category; ++i) {
    Product product;
    const std::string number = std::to_string(10'000 + products_.size());
    product.id = "P-" + number;
    std::string brand(random.pick(brand_roots));
    brand += random.pick(brand_ends);
    product.name =
        brand + " " + std::string(random.pick(adjectives)) + " " + std::string(shelf_name);
    product.category = static_cast<std::uint32_t>(paths_.size() - 1);
    const std::int64_t cents = draw_price(department, random);
    product.cents = {cents, cents * 86 / 100, cents * 109 / 100};
    for (std::size_t money = 0; money < money_count; ++money) {
      product.json[money] = product_json(product, brand, paths_.back(), product.cents[money]);
    }
    products_.push_back(std::move(product));
  }
}

std::size_t Catalogue::choose_in(std::size_t category, Random& random) const {
  return category * products_per_category + shelf_popularity_.choose(random);
}

std::string_view Catalogue::choose_query(Random& random) const {
  return queries[query_popularity_.choose(random)];
}

}  // namespace bytebasket::producers::shop
