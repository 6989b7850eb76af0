// Two sides that do the same in turns: what each took, and how they compare.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <vector>

#include "cases/measure.hpp"

namespace bytebasket::bench {

struct Cost {
  double wall = 0;
  double cpu = 0;
  Cost& operator+=(const Cost& other) {
    wall += other.wall;
    cpu += other.cpu;
    return *this;
  }
};

inline Cost cost_of(const std::function<void()>& work) {
  const double cpu = cpu_seconds();
  const auto begin = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - begin;
  return {wall.count(), cpu_seconds() - cpu};
}

/// Best and median of the rounds.
struct Rates {
  double best = 0;
  double median = 0;
};

inline Rates rates_of(std::vector<double> seconds, std::size_t count) {
  std::ranges::sort(seconds);
  const auto rate = [count](double time) { return static_cast<double>(count) / time; };
  return {rate(seconds.front()), rate(seconds[seconds.size() / 2])};
}

struct Side {
  std::vector<double> wall;
  std::vector<double> cpu;
  void add(const Cost& cost) {
    wall.push_back(cost.wall);
    cpu.push_back(cost.cpu);
  }
};

inline void print(const char* what, const Side& bare, const Side& ours, std::size_t count) {
  const auto line = [&](const char* unit, const Rates& left, const Rates& right) {
    std::printf(
        "{\"case\":\"kafka_%s\",\"per\":\"%s\",\"bare\":%.0f,\"bare_median\":%.0f,\"ours\":%.0f,"
        "\"ours_median\":%.0f,\"share\":%.2f,\"share_of_medians\":%.2f}\n",
        what, unit, left.best, left.median, right.best, right.median, right.best / left.best,
        right.median / left.median);
  };
  line("second", rates_of(bare.wall, count), rates_of(ours.wall, count));
  line("cpu_second", rates_of(bare.cpu, count), rates_of(ours.cpu, count));
}

}  // namespace bytebasket::bench
